package storage

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/robustvit/workbench/tests/catalogue"
)

// Every command that writes refuses a place on a read-only file system before
// it reads or computes anything, and names folder and flag.
func TestReadOnlyPlaces(t *testing.T) {
	f := theTiny(t)
	image := f.path("data/val/class0/val0.png")
	for _, c := range []struct {
		name, flag string
		args       []string // DISK stands for the disk
	}{
		{"finetune", "--dir", f.finetune("DISK/out")},
		{"finetune in a process of its own", "--dir", f.finetune("DISK/out", "--detach")},
		{"evaluate", "--dir", f.evaluate("DISK/out")},
		{"segment", "--dir", []string{"segment", "--weights", f.path("base"), "--data", f.path("data"), "--dir", "DISK/deep/out"}},
		{"pretrain", "--out", []string{"pretrain", "--data", f.path("data"), "--out", "DISK/out"}},
		{"demo", "--dir", []string{"demo", "--offline", "--dir", "DISK/out"}},
		{"sweep", "--dir", []string{"sweep", "tables-1-2", "--dir", "DISK/out"}},
		{"masks", "--out", []string{"masks", "--weights", f.path("base"), "--data", f.path("data"), "--out", "DISK/out"}},
		{"explain", "--out", []string{"explain", "--weights", f.path("base"), image, "--out", "DISK/out"}},
		{"export", "--out", []string{"export", "--run", f.path("whole"), "--out", "DISK/out"}},
		{"convert", "--out", []string{"convert", f.path("whole/weights.safetensors"), "--out", "DISK/new.safetensors"}},
		{"convert over a file", "--out", []string{"convert", f.path("whole/weights.safetensors"), "--out", "DISK/old"}},
		{"prepare", "--out", []string{"prepare", image, "--out", "DISK/seen.png"}},
		{"data manifest", "--validation", []string{"data", "manifest", f.path("data"), "--out", f.path("train.jsonl"), "--validation", "DISK/val.jsonl"}},
		{"data shift", "--out", []string{"data", "shift", f.path("data/val"), "--out", "DISK/out"}},
		{"contact sheet", "--sheet", []string{"data", "shift", f.path("data/val"), "--out", f.path("shifted"), "--sheet", "DISK/sheet.png"}},
		{"bench", "--out", []string{"bench", "--out", "DISK/out"}},
		{"fetched weights", "--out", []string{"weights", "fetch", "google/vit-base-patch16-224", "--out", "DISK/out"}},
	} {
		catalogue.Case(t, "S3", c.name, func(t *testing.T) {
			disk := mounted(t, roomy)
			write(t, filepath.Join(disk, "old"), []byte("old"))
			remount(t, disk, "ro")
			o := catalogue.Run(t, nil, onDisk(c.args, disk)...)
			catalogue.CheckRefused(t, o, disk, "read-only file system", c.flag+" "+disk, "with "+c.flag)
			if strings.Contains(o.Err, "==") {
				t.Errorf("it began to work:\n%s", o.Err)
			}
		})
	}
}

// What is named without a flag fails at once too, and so does what a check of
// permissions cannot foresee.
func TestOtherPlacesThatCannotBeWritten(t *testing.T) {
	f := theTiny(t)
	for _, c := range []struct {
		name, options string
		args          []string
		words         []string
	}{
		{"data write", "ro", []string{"data", "write", "DISK/out"}, []string{"DISK/out", "read-only file system"}},
		{"report of a run", "ro", []string{"report", "DISK/run"}, []string{"DISK/run/report.html", "read-only file system"}},
		{"a run that was finished", "ro", f.finetune("DISK/run"), []string{"DISK/run", "read-only file system", "--dir"}},
		{"a folder that is a file", roomy, f.finetune("DISK/run/config.json"), []string{"DISK/run/config.json", "it is a file"}},
		{"a folder below a file", roomy, f.finetune("DISK/run/config.json/out"), []string{"DISK/run/config.json", "it is a file", "--dir"}},
		{"no such permission", roomy, f.finetune("/proc/robustvit"), []string{"/proc/robustvit"}},
	} {
		catalogue.Case(t, "S3", c.name, func(t *testing.T) {
			disk := mounted(t, roomy)
			must(t, os.CopyFS(filepath.Join(disk, "run"), os.DirFS(f.path("whole"))))
			remount(t, disk, c.options)
			o := catalogue.Run(t, nil, onDisk(c.args, disk)...)
			catalogue.CheckRefused(t, o, onDisk(c.words, disk)...)
		})
	}
}

// What is only read may be read-only, and nothing but the named folder need be
// writable: no home, no cache, no folder for temporary files.
func TestReadOnlySources(t *testing.T) {
	f := theTiny(t)
	nowhere := []string{"HOME=", "XDG_CACHE_HOME=/proc/robustvit", "XDG_CONFIG_HOME=/proc/robustvit", "TMPDIR=/proc/robustvit"}
	for _, c := range []struct {
		name string
		args []string
	}{
		{"finetune", []string{"finetune", "--weights", "DISK/base", "--data", "DISK/data", "--per-class", "4", "--keep", "all", "--dir", "OUT"}},
		{"evaluate", []string{"evaluate", "--weights", "DISK/whole", "--data", "DISK/data", "--dir", "OUT"}},
		{"masks", []string{"masks", "--weights", "DISK/base", "--data", "DISK/data", "--out", "OUT"}},
		{"explain", []string{"explain", "--weights", "DISK/base", "--after", "DISK/whole", "DISK/data/val/class0", "--out", "OUT"}},
		{"export", []string{"export", "--run", "DISK/whole", "--out", "OUT"}},
		{"check", []string{"data", "check", "DISK/data"}},
		{"inspect a run", []string{"inspect", "DISK/whole"}},
		{"doctor", []string{"doctor"}},
	} {
		catalogue.Case(t, "S3", c.name+" from a read-only disk, without a home", func(t *testing.T) {
			disk := t.TempDir()
			for _, name := range []string{"base", "data", "whole"} {
				must(t, os.CopyFS(filepath.Join(disk, name), os.DirFS(f.path(name))))
			}
			readOnly(t, disk)
			args := onDisk(c.args, disk)
			for i := range args {
				args[i] = strings.ReplaceAll(args[i], "OUT", filepath.Join(disk+"-out"))
			}
			o := catalogue.RunIn(t, disk, nowhere, args...)
			if o.Code != 0 && c.name != "doctor" || strings.Contains(o.Err, "goroutine ") {
				t.Error(o)
			}
		})
	}
	catalogue.Case(t, "S3", "fetch without a home", func(t *testing.T) {
		o := catalogue.Run(t, []string{"HOME=", "XDG_CACHE_HOME="}, "weights", "fetch", "google/vit-base-patch16-224")
		catalogue.CheckRefused(t, o, "no cache folder", "--out")
	})
	catalogue.Case(t, "S3", "fetch into a cache that cannot be written", func(t *testing.T) {
		o := catalogue.Run(t, []string{"XDG_CACHE_HOME=/proc/robustvit"}, "weights", "fetch", "google/vit-base-patch16-224")
		catalogue.CheckRefused(t, o, "/proc/robustvit", "--out")
	})
}
