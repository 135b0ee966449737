// Package mainjob is the workbench's main job: half of the classes finetuned in
// several ways, every set measured before and after, pictures chosen by a rule
// and what the results say in words.
package mainjob
