package mat73

// Lookup3 lets tests seal what they changed.
func Lookup3(data []byte) uint32 { return lookup3(data) }
