package notebook

import (
	"fmt"
	"sync"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/robustvit/workbench/viz"
)

// room is what a cell may still show, however often it calls [Show]: a notebook
// is opened whole. A cell is a process, so there is one.
type room struct {
	mu     sync.Mutex
	used   int    // bytes
	over   int    // fragments left out
	notice string // id of the block that says so
}

var cellRoom room

// display shows a fragment with as many pictures as the cell has room for. What
// finds none at all is counted, in one line that is replaced in place.
func (s screen) display(f viz.Fragment) error {
	if s.room == nil {
		s.room = &room{}
	}
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	left := viz.CellBytes - s.room.used
	html, err := viz.HTMLWithin(f, left-left/50) // the markup around the pictures wants some too
	if err != nil {
		return err
	}
	if len(html) <= left {
		s.room.used += len(html)
		s.show(html)
		return nil
	}
	if s.room.over++; s.room.notice == "" {
		s.room.notice = gonbui.UniqueID()
	}
	words := fmt.Sprintf("Left out to bound the size of the notebook: %d more. Show fewer, or write a page: robustvit report.", s.room.over)
	if html, err = viz.HTML(viz.Prose{words}); err == nil {
		s.update(s.room.notice, html)
	}
	return err
}
