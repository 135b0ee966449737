package catalogue

// Row is one line of the catalogue: a kind of fault and what is promised then.
type Row struct {
	ID     string
	Fault  string
	Expect string
	// Least is how many cases an ordinary test run has at least, Long how many
	// with -long (0: as many).
	Least, Long int
}

// Rows is the catalogue, in its order. The letters are K kill, stop and resume;
// S storage; W weights; I images, masks and data sets; N numbers and machine;
// H pages, notebooks and supply chain.
var Rows = []Row{
	{"K1", "kill -9 at a random moment of training", "resumed, the run ends with the unbroken run's bytes", 24, 200},
	{"K2", "kill -9 at every named point of a save", "one good checkpoint at least; then as K1", 36, 0},
	{"K3", "kill -9 while nine sets are measured", "no image is counted twice or left out; the same results and report", 8, 60},
	{"K4", "kill -9 while weights or a page are written", "the file is absent, old or whole", 8, 60},
	{"K5", "kill -9 while data are written or weights fetched", "the same command goes on or begins again; nothing half is used", 6, 30},
	{"K6", "SIGTERM, SIGINT, SIGINT twice, SIGHUP", "it ends within 5 s with 143, 130, 130, 129; then as K1", 8, 32},
	{"K7", "the stop button while a cell trains", "it ends before the kernel's limit; the next cell goes on and says from where", 2, 10},
	{"K8", "the parent of a detached or a cell's run dies", "no second writer", 2, 8},
	{"K9", "resumed with a changed setting", "an error with old and new value, or allowed and recorded", 20, 0},
	{"K10", "resumed with changed images, masks or classes", "an error that names the first difference", 6, 12},
	{"K11", "resumed at step 0, amid an epoch, at its end, finished, with more epochs", "no step is done twice or left out", 5, 10},
	{"K12", "the resumed run is killed, five times over", "as K1", 2, 20},
	{"K13", "other numbers of processors", "the same bytes", 3, 0},
	{"K14", "power fails: writes that were not synced are lost", "a good checkpoint always loads", 100, 0},
	{"K15", "the clock goes back, jumps ahead, changes its zone", "order is by step", 5, 8},

	{"S1", "the k-th file operation fails, every k and every error", "the error names the file; older checkpoints stay; never reported as saved", 120, 0},
	{"S2", "a full disk", "the error says so; with room again the run goes on", 8, 20},
	{"S3", "folders that cannot be written, no home folder", "an error before the first step", 10, 14},
	{"S4", "few open files, long paths, another file system for temporary files", "it works, or one error says why not", 6, 10},
	{"S5", "the newest checkpoint is damaged", "the one before is used, a warning names both", 92, 0},
	{"S6", "every checkpoint is damaged", "an error lists each; nothing is removed", 4, 0},
	{"S7", "two commands at one folder", "the second writer is refused, a reader is safe", 8, 12},
	{"S8", "the run folder is moved or removed", "the run stops at its next save and says so", 4, 7},
	{"S9", "random saves, prunings and kills", "never fewer sound checkpoints than were kept", 50, 0},

	{"W1", "malformed safetensors", "an error names file, tensor and field; bounded time and memory", 120, 0},
	{"W2", "a file cut or changed while it is read", "an error, never a fault of the process", 3, 0},
	{"W3", "missing, extra, renamed, transposed tensors and shards", "the first names and the count; no partial model", 20, 0},
	{"W4", "weights that are not finite", "refused with tensor and count", 6, 0},
	{"W5", "pickles and archives under any name", "refused by content; in convert the forbidden class is named; nothing runs", 24, 0},
	{"W6", "checkpoints of other programs", "refused by name with the next step", 4, 16},
	{"W7", "exports read by the reference reader", "bit for bit; two exports are the same bytes", 15, 0},
	{"W8", "downloads cut, stalled, of other length or hash, names that lead out", "never a success; nothing outside the folder", 32, 0},

	{"I1", "damaged, empty, foreign and enormous images of each format", "an error names the file; bounded time and memory", 80, 0},
	{"I2", "gray, palette, 16 bit, CMYK, YCCK, transparent, interlaced, progressive", "as Pillow's convert(\"RGB\")", 24, 0},
	{"I3", "EXIF orientation 1 to 8, broken EXIF", "not turned, counted; turned with its mask where asked for", 10, 0},
	{"I4", "animations", "the first frame, counted", 4, 0},
	{"I5", "sizes from 0 x n to 65535 x 65535", "refused or resized, sizes in the message", 12, 0},
	{"I6", "stray files, wrong endings", "ignored and counted, or decoded by content", 10, 0},
	{"I7", "masks of another size, of unknown values, without foreground, missing", "an error, or defined and counted", 24, 0},
	{"I8", "class folders missing, extra, twice, empty, of another case or form", "an error lists the names that differ", 24, 0},
	{"I9", "links that loop, dangle or lead out; pipes, sockets, devices", "refused by name; nothing blocks", 12, 0},
	{"I10", "file names with any bytes", "safe in paths, logs, tables and pages", 20, 0},
	{"I11", "hostile archives (.npz, .pth): bombs, doubles, paths, cuts", "refused within bounds", 30, 0},
	{"I12", "hostile .mat files", "refused within bounds", 60, 0},
	{"I13", "files that go or change after listing", "an error names the file", 4, 0},
	{"I14", "bad samples", "the run stops; no sample is ever replaced by another", 8, 0},

	{"N1", "NaN or infinity in loss, gradient, input or weights", "it stops before saving, naming step, images and rate", 10, 18},
	{"N2", "settings that make no sense", "an error before anything is computed", 12, 0},
	{"N3", "no plugin, a broken or foreign one, unknown backends, no GPU", "one error with the next step, never a panic", 12, 0},
	{"N4", "the device has too little memory", "batch and next smaller batch are named; the run goes on with it", 4, 6},
	{"N5", "the machine has too little memory", "one clear end; the run folder is whole", 3, 8},
	{"N6", "standard output closed or full, no terminal", "the work is done, the log kept", 6, 0},
	{"N7", "the same work a thousand times", "open files, mappings, goroutines stay flat", 6, 0},

	{"H1", "24 texts that would be markup, in 9 places", "no new element or attribute; nothing runs in the browser", 216, 0},
	{"H2", "every page that is written", "the policy is there, nothing banned is", 12, 0},
	{"H3", "a notebook that is not trusted", "heatmaps stay visible", 1, 4},
	{"H4", "a page or a drawing posing as an image", "refused or encoded anew", 6, 0},
	{"H5", "a thousand heatmaps in one cell", "bounded", 1, 4},
	{"H6", "the notebooks of this repository", "no token, home folder, user, script or absolute path", 33, 0},
	{"H7", "the server's settings", "token, loopback, XSRF check, no command links", 8, 0},
	{"H8", "garbage at the kernel's ports", "the run folder survives, the next kernel goes on", 4, 6},
	{"H9", "failing cells, dead kernels, time limits", "an exit code, the cell's name, the part that was done", 4, 10},
	{"H10", "file names in shell lines of notebooks", "there are none", 4, 0},
	{"H11", "secrets, pins, checksums, the network", "pinned by hash, checked before use, no token in any file", 12, 0},
}

// Find returns a row by its id.
func Find(id string) (Row, bool) {
	for _, r := range Rows {
		if r.ID == id {
			return r, true
		}
	}
	return Row{}, false
}
