package storage

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// inside names the folder on which a process with mounts of its own has them.
const inside = "STORAGE_TEST_MOUNTS"

// inOwnMounts starts the tests again where they may mount file systems that
// nobody else sees and that go with them: as root in a namespace of mounts,
// else as root of a namespace of users. Where neither is allowed they go on.
func inOwnMounts() {
	if dir := os.Getenv(inside); dir != "" {
		// Nothing of ours spreads to other namespaces. Thousands of small files
		// spare the disk.
		err := syscall.Mount("", "/", "", syscall.MS_PRIVATE|syscall.MS_REC, "")
		if err == nil && syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=2g") == nil {
			os.Setenv("TMPDIR", dir)
		}
		return
	}
	dir, err := os.MkdirTemp("", "storage-")
	if err != nil {
		fmt.Fprintln(os.Stderr, "storage:", err)
		os.Exit(1)
	}
	runtime.LockOSThread() // the child lives as long as the thread that started it
	for _, namespaces := range []uintptr{syscall.CLONE_NEWNS, syscall.CLONE_NEWNS | syscall.CLONE_NEWUSER} {
		cmd := again(dir, namespaces)
		if err = cmd.Start(); err != nil {
			continue
		}
		cmd.Wait() // its error is the exit code
		os.RemoveAll(dir)
		if code := cmd.ProcessState.ExitCode(); code >= 0 {
			os.Exit(code)
		}
		fmt.Fprintln(os.Stderr, "storage:", cmd.ProcessState)
		os.Exit(1)
	}
	os.RemoveAll(dir)
	fmt.Fprintln(os.Stderr, "storage: no mounts of our own:", err)
}

// again is this program in new namespaces.
func again(dir string, namespaces uintptr) *exec.Cmd {
	cmd := exec.Command("/proc/self/exe", os.Args[1:]...)
	cmd.Args[0] = os.Args[0]
	cmd.Env = append(os.Environ(), inside+"="+dir)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: namespaces, Pdeathsig: syscall.SIGKILL}
	if namespaces&syscall.CLONE_NEWUSER != 0 {
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	return cmd
}

// mounted mounts a file system of memory with these options ("size=64k,ro") on
// a new folder and returns it.
func mounted(t *testing.T, options string) string {
	t.Helper()
	dir := t.TempDir()
	mountOn(t, dir, options)
	return dir
}

func mountOn(t *testing.T, dir, options string) {
	t.Helper()
	if err := errors.Join(allowed(), syscall.Mount("tmpfs", dir, "tmpfs", 0, options)); err != nil {
		noMounts(t, err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
}

// allowed keeps root from mounting on everybody's file system.
func allowed() error {
	if os.Getenv(inside) == "" {
		return errors.New("no namespace of our own")
	}
	return nil
}

// remount changes the options of a file system that [mounted] made.
func remount(t *testing.T, dir, options string) {
	t.Helper()
	flags := uintptr(syscall.MS_REMOUNT)
	if strings.HasPrefix(options, "ro") {
		flags |= syscall.MS_RDONLY
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", flags, strings.TrimPrefix(options, "ro")); err != nil {
		t.Fatal(err)
	}
}

// readOnly makes a folder that has files read-only, for root too.
func readOnly(t *testing.T, dir string) {
	t.Helper()
	err := errors.Join(allowed(), syscall.Mount(dir, dir, "", syscall.MS_BIND, ""))
	if err == nil {
		t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
		err = syscall.Mount("", dir, "", syscall.MS_BIND|syscall.MS_REMOUNT|syscall.MS_RDONLY, "")
	}
	if err != nil {
		noMounts(t, err)
	}
}

// vanish takes the file system away while it is in use.
func vanish(t *testing.T, dir string) {
	t.Helper()
	if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
		t.Fatal(err)
	}
}

// fill leaves no free byte on a mounted disk, leave some; noMoreFiles leaves
// no name.
func fill(t *testing.T, disk string) {
	t.Helper()
	leave(t, disk, 0)
}

func leave(t *testing.T, disk string, bytes int64) {
	t.Helper()
	var s syscall.Statfs_t
	must(t, syscall.Statfs(disk, &s))
	remount(t, disk, fmt.Sprintf("size=%d", int64(s.Blocks-s.Bfree)*s.Bsize+bytes))
}

func noMoreFiles(t *testing.T, disk string) {
	t.Helper()
	var s syscall.Statfs_t
	must(t, syscall.Statfs(disk, &s))
	remount(t, disk, fmt.Sprintf("nr_inodes=%d", s.Files-s.Ffree))
}
