package mat73

// The two uses of HDF5's version 1 B-tree.
const (
	groupTree = 0
	chunkTree = 1
)

// treeWalk visits the leaves of a B-tree from left to right. A child must lie
// one level below its parent, so that no circle is longer than the tree is
// high, and the entries are counted, so that a node shared by many is no bomb.
type treeWalk struct {
	file       *File
	kind       uint64
	keyBytes   int
	maxEntries int // of all nodes visited
	entries    int
}

const maxLevel = 16

// leaves calls visit with each leaf entry's key and child address.
func (w *treeWalk) leaves(root uint64, visit func(key []byte, child uint64) error) error {
	if root == undefined {
		return fault("tree: it has no address")
	}
	return w.node(root, -1, visit)
}

// node walks the tree below an address; level is the expected one, or -1.
func (w *treeWalk) node(address uint64, level int, visit func([]byte, uint64) error) error {
	c, err := w.file.at("tree node", address, 24)
	if err != nil {
		return err
	}
	if err := c.magic("TREE"); err != nil {
		return err
	}
	kind, found, entries := c.uint(1), int(c.uint(1)), int(c.uint(2))
	if kind != w.kind {
		return fault("tree node: it is of kind %d, expected %d", kind, w.kind)
	}
	if found > maxLevel || level >= 0 && found != level {
		return fault("tree node: it lies on level %d, expected %d", found, min(max(level, 0), maxLevel))
	}
	if w.entries += entries; w.entries > w.maxEntries {
		return fault("tree: more than %d entries", w.maxEntries)
	}
	c, err = w.file.at("tree node", address+24, int64(entries)*int64(w.keyBytes+8))
	if err != nil {
		return err
	}
	for range entries {
		key, child := c.take(w.keyBytes), c.uint(8)
		if found > 0 {
			err = w.node(child, found-1, visit)
		} else {
			err = visit(key, child)
		}
		if err != nil {
			return err
		}
	}
	return c.err
}
