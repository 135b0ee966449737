package weightfiles

import (
	"slices"
	"strings"
)

// Pickles are hostile programs for the unpickler. Those that call something
// would run the shell command.
func Pickles(command string) []Case {
	return slices.Concat(forbidden(command), hidden(command), structures(), tensors())
}

// reduce calls a function of Python with the command.
func reduce(module, name, command string) string {
	return "\x80\x02" + call(module, name, command) + "."
}

func call(module, name, command string) string {
	return "c" + module + "\n" + name + "\n(" + text(command) + "tR"
}

// forbidden are calls of functions that pickles of attackers name.
func forbidden(command string) []Case {
	var cases []Case
	for _, class := range []string{
		"os.system", "posix.system", "nt.system", "os.popen", "os.execv", "builtins.eval", "builtins.exec", "__builtin__.eval", "builtins.getattr",
		"builtins.__import__", "subprocess.Popen", "subprocess.check_output", "importlib.import_module", "runpy.run_path", "runpy._run_code",
		"torch.storage._load_from_bytes", "torch.load", "torch.jit.load", "torch.hub.load", "pickle.loads", "_pickle.loads", "dill.loads",
		"numpy.load", "functools.partial", "operator.attrgetter", "operator.methodcaller", "types.CodeType", "types.FunctionType",
		"array._array_reconstructor", "copyreg.__newobj__", "webbrowser.open", "shutil.rmtree", "socket.socket", "pip.main", "code.InteractiveInterpreter",
		"timm.models.vision_transformer.VisionTransformer", "__main__.Model", "torch.nn.modules.linear.Linear",
	} {
		at := strings.LastIndex(class, ".")
		cases = append(cases, Case{class, []byte(reduce(class[:at], class[at+1:], command)), []string{class}})
	}
	return cases
}

// hidden are the ways to reach a function, and the places to hide it in.
func hidden(command string) []Case {
	evil := call("os", "system", command)
	return []Case{
		{"stack global", []byte("\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x04true\x85R."), []string{"os.system"}},
		{"stack global from the memo", []byte("\x80\x04\x8c\x02os\x940\x8c\x06system\x940h\x00h\x01\x93" + text(command) + "\x85R."), []string{"os.system"}},
		{"a module spelled by escapes", []byte("\x80\x02V\\u006f\\u0073\nVsystem\n\x93(" + text(command) + "tR."), []string{"system"}},
		{"a dotted name", []byte("\x80\x04\x8c\x02os\x8c\x0bpath.system\x93" + text(command) + "\x85R."), []string{"os.path.system"}},
		{"inst", []byte("(" + text(command) + "ios\nsystem\n."), []string{"0x69"}},
		{"obj", []byte("(cos\nsystem\n" + text(command) + "o."), []string{"0x6f"}},
		{"new object", []byte("\x80\x02cos\nsystem\n(" + text(command) + "t\x81."), []string{"os.system"}},
		{"new object with names", []byte("\x80\x04cos\nsystem\n(" + text(command) + "t}\x92."), []string{"os.system"}},
		{"build", []byte("\x80\x02cos\nsystem\n}" + text("cmd") + text(command) + "sb."), []string{"os.system"}},
		{"extension", []byte("\x80\x02\x82\x01."), []string{"0x82"}},
		{"persistent text", []byte("\x80\x02Pos.system\n."), []string{"0x50"}},
		{"next buffer", []byte("\x80\x05\x97."), []string{"0x97"}},
		{"called and thrown away", []byte("\x80\x02" + evil + "0" + Six[2:]), []string{"os.system"}},
		{"in a tensor's hooks", []byte(strings.Replace(Six, "\x89)tR", "\x89"+evil+"tR", 1)), []string{"os.system"}},
		{"in a tensor's size", []byte(Tensor("w", "K\x06", "K\x00", evil, "K\x01")), []string{"os.system"}},
		{"in a storage's reference", []byte(Tensor("w", evil, "K\x00", "K\x06", "K\x01")), []string{"os.system"}},
		{"as a key", []byte("\x80\x02}" + evil + "K\x01s."), []string{"os.system"}},
		{"in a namespace's state", []byte("\x80\x02cargparse\nNamespace\n)\x81}" + text("x") + evil + "sb."), []string{"os.system"}},
		{"beside the weights", []byte("\x80\x02}(" + text("state_dict") + Six[2:len(Six)-1] + text("args") + evil + "u."), []string{"os.system"}},
	}
}
