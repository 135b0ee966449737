package data

// InspectBytes lets the fuzz targets leave out pictures that are legal but slow.
func InspectBytes(content []byte) (ImageInfo, error) { return inspect(content) }

// DecodeManifest lets a fuzz target read a manifest's content.
func DecodeManifest(content []byte) ([]ManifestItem, error) { return decodeManifest(content) }

// ParseClassList reads classes.txt.
func ParseClassList(content []byte) ([]string, error) { return parseClassList(content) }

// ParseSetList reads sets.txt.
func ParseSetList(content []byte) ([]string, error) { return parseSetList(content) }
