package backend

func verify(path, root string) error { return nil }
