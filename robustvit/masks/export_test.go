package masks

// Reject applies the rule of the settings, for tests.
func (s Settings) Reject(m Mask) string { return s.reject(m) }
