// Package backend opens the device that executes the graphs: XLA through a
// PJRT plugin (CUDA or CPU), or the pure Go backend. It is the only place of
// the project that names one.
//
// Order of choice:
//
//  1. the environment variable GOMLX_BACKEND ("xla:cuda", "xla:cpu", "go",
//     "xla:/path/to/plugin.so", with go-xla's options after a comma);
//  2. [Options].Name;
//  3. automatically: XLA:CUDA if there is a CUDA plugin and an NVIDIA device,
//     else XLA:CPU if there is a plugin, else the Go backend, which is correct
//     and slow ([Info].Slow, [Info].Hint).
//
// Only a missing plugin moves the automatic choice on. A plugin that is there
// but cannot be used is an error: a long run must not quietly become ten times
// slower.
//
// Plugins are looked for in PJRT_PLUGIN_LIBRARY_PATH, in the project's .venv,
// then where go-xla's installer puts them. A plugin file is checked before it
// is loaded, because loading a cut or foreign library ends the process; what is
// not in .venv, and all where XLA_FLAGS is set, is then started in a child first.
//
// On Linux the buffers of XLA:CPU are kept between executions (package
// internal/allocator): to map and clear them anew took up to a fifth of a step.
//
// Without cgo, or with the build tag noxla, only the Go backend is compiled in.
package backend
