package mat73

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Limits of one group. The sets read here have a handful of names a group;
// #refs#, which holds every cell, is never listed.
const (
	maxMembers   = 10_000 // and entries of its tree
	maxHeapBytes = 16 << 20
	maxNameBytes = 1 << 10
)

// Member is a name in a group.
type Member struct {
	Name string
	Ref  Ref
}

// Members lists the root group, sorted by name.
func (f *File) Members() ([]Member, error) { return f.members("/", f.root) }

// Lookup finds an object by its path of names, such as "value/img".
func (f *File) Lookup(path string) (Ref, error) {
	object, walked := f.root, ""
	for _, name := range strings.Split(path, "/") {
		members, err := f.members(walked+"/", object)
		if err != nil {
			return 0, err
		}
		i := slices.IndexFunc(members, func(m Member) bool { return m.Name == name })
		if i < 0 {
			return 0, &MissingError{Path: path, Group: walked + "/", Found: names(members)}
		}
		object, walked = members[i].Ref, walked+"/"+name
	}
	return object, nil
}

// IsGroup tells whether an object is a group: a struct.
func (f *File) IsGroup(object Ref) bool {
	messages, err := f.messages(object)
	return err == nil && (find(messages, messageSymbolTable) != nil || find(messages, messageLinkInfo) != nil)
}

// MissingError says that a file has no object of that path.
type MissingError struct {
	Path  string // asked for
	Group string // the part of it that is there
	Found []string
}

func (e *MissingError) Error() string {
	return fmt.Sprintf("it has no %q: %s holds %s", e.Path, e.Group, some(e.Found))
}

// some lists the first names.
func some(names []string) string {
	const most = 8
	more := ""
	if len(names) > most {
		names, more = names[:most], fmt.Sprintf(" and %d more", len(names)-most)
	}
	if len(names) == 0 {
		return "nothing"
	}
	return fmt.Sprintf("%.400q", names) + more
}

func names(members []Member) []string {
	out := make([]string, len(members))
	for i, m := range members {
		out[i] = m.Name
	}
	return out
}

// members reads a group of either kind.
func (f *File) members(name string, group Ref) ([]Member, error) {
	messages, err := f.messages(group)
	if err != nil {
		return nil, fmt.Errorf("group %q: %w", name, err)
	}
	var members []Member
	switch table, info := find(messages, messageSymbolTable), find(messages, messageLinkInfo); {
	case table != nil:
		members, err = f.symbolTable(table)
	case info != nil:
		members, err = linksIn(messages, info)
	default:
		err = errors.New("it is no group but an array, expected a struct; check which variable the file holds")
	}
	if err != nil {
		return nil, fmt.Errorf("group %.200q: %w", name, err)
	}
	slices.SortFunc(members, func(a, b Member) int { return strings.Compare(a.Name, b.Name) })
	return members, nil
}

// linksIn reads the links that a header of version 2 keeps itself.
func linksIn(messages []message, info *message) ([]Member, error) {
	c := info.cursor("link info")
	c.skip(1)
	if c.uint(1)&1 != 0 {
		c.skip(8) // highest creation order
	}
	if heap := c.uint(8); c.err == nil && heap != undefined {
		return nil, unsupported("it keeps its names in a fractal heap, which is not read")
	}
	var members []Member
	for i := range messages {
		if messages[i].kind != messageLink {
			continue
		}
		member, hard, err := link(&messages[i])
		if err != nil {
			return nil, err
		}
		if hard {
			members = append(members, member)
		}
	}
	return members, c.err
}

// link reads a link message; soft and external links are passed over.
func link(m *message) (member Member, hard bool, err error) {
	c := m.cursor("link")
	c.skip(1)
	flags := c.uint(1)
	hard = flags&8 == 0 || c.uint(1) == 0
	if flags&4 != 0 {
		c.skip(8) // creation order
	}
	if flags&16 != 0 {
		c.skip(1) // character set
	}
	member.Name = string(c.take(c.size(1<<(flags&3), maxNameBytes)))
	if hard {
		member.Ref = Ref(c.uint(8))
	}
	return member, hard, c.err
}

// symbolTable reads a group of the old kind: a tree whose leaves are tables of
// addresses, with the names in a local heap.
func (f *File) symbolTable(m *message) ([]Member, error) {
	c := m.cursor("symbol table")
	tree, heap := c.uint(8), c.uint(8)
	if c.err != nil {
		return nil, c.err
	}
	text, err := f.localHeap(heap)
	if err != nil {
		return nil, err
	}
	table := symbols{file: f, text: text}
	walk := treeWalk{file: f, kind: groupTree, keyBytes: 8, maxEntries: maxMembers}
	err = walk.leaves(tree, func(_ []byte, child uint64) error { return table.add(child) })
	return table.members, err
}

// localHeap returns the bytes that hold the names.
func (f *File) localHeap(address uint64) ([]byte, error) {
	c, err := f.at("local heap", address, 32)
	if err != nil {
		return nil, err
	}
	if err := c.magic("HEAP"); err != nil {
		return nil, err
	}
	c.skip(4)
	length := c.size(8, maxHeapBytes)
	c.skip(8)
	segment := c.uint(8)
	if c.err != nil {
		return nil, c.err
	}
	if c, err = f.at("local heap", segment, int64(length)); err != nil {
		return nil, err
	}
	return c.rest, nil
}

// symbols gathers the leaves of a group's tree.
type symbols struct {
	file    *File
	text    []byte // of the names
	seen    int    // entries, soft links included
	members []Member
}

// add reads one leaf.
func (s *symbols) add(address uint64) error {
	const entryBytes = 40
	c, err := s.file.at("symbol node", address, 8)
	if err != nil {
		return err
	}
	if err := c.magic("SNOD"); err != nil {
		return err
	}
	c.skip(2)
	n := int(c.uint(2))
	if s.seen += n; s.seen > maxMembers {
		return fault("more than %d names", maxMembers)
	}
	if c, err = s.file.at("symbol node", address+8, int64(n)*entryBytes); err != nil {
		return err
	}
	for range n {
		name, object, cache := c.uint(8), c.uint(8), c.uint(4)
		c.skip(20)
		if cache == 2 { // a soft link
			continue
		}
		word, err := s.word(name)
		if err != nil {
			return err
		}
		s.members = append(s.members, Member{word, Ref(object)})
	}
	return c.err
}

// word is the name at a byte of the heap.
func (s *symbols) word(at uint64) (string, error) {
	if at >= uint64(len(s.text)) {
		return "", fault("symbol node: a name at byte %d of a heap of %d", at, len(s.text))
	}
	text := s.text[at:]
	word, _, ended := bytes.Cut(text[:min(len(text), maxNameBytes)], []byte{0})
	if !ended {
		return "", fault("symbol node: the name at byte %d of the heap has no end within %d bytes", at, maxNameBytes)
	}
	return string(word), nil
}
