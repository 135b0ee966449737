package main

import (
	"fmt"
	"math"
	"reflect"
	"strconv"

	"github.com/alecthomas/kong"
)

// numbers are the kinds of flags that must be above 0:
//
//	type:"count"     a whole number of at least 1
//	type:"positive"  a finite number above 0
//
// Where 0 stands for "not given", a 0 that was given would be passed over.
var numbers = []kong.Option{
	kong.NamedMapper("count", numberMapper("a whole number of at least 1", func(text string, to reflect.Value) bool {
		n, err := strconv.Atoi(text)
		to.SetInt(int64(n))
		return err == nil && n >= 1
	})),
	kong.NamedMapper("positive", numberMapper("a number above 0", func(text string, to reflect.Value) bool {
		x, err := strconv.ParseFloat(text, 64)
		to.SetFloat(x)
		return err == nil && x > 0 && !math.IsInf(x, 1)
	})),
}

func numberMapper(expected string, read func(text string, to reflect.Value) bool) kong.MapperFunc {
	return func(ctx *kong.DecodeContext, to reflect.Value) error {
		token, err := ctx.Scan.PopValue("number")
		if err != nil {
			return err
		}
		text := fmt.Sprint(token.Value)
		if !read(text, to) {
			return fmt.Errorf("expected %s, found %q", expected, text)
		}
		return nil
	}
}
