package setup

// AllocatorVariable and HugePages ask the GNU C library (2.35 and newer; others
// ignore it) for huge pages where the system leaves the choice to programs.
// XLA's CPU plugin takes its buffers anew for each execution; with pages of
// 4 KiB a fifth of a step is spent on page faults.
const (
	AllocatorVariable = "GLIBC_TUNABLES"
	HugePages         = "glibc.malloc.hugetlb=1"
)
