package main

const description = `Finetune a Vision Transformer's relevance onto the object and measure what that does to its robustness (RobustViT).

Begin with: robustvit demo`

// cli is the command line: a struct a subcommand, each in its own file.
type cli struct {
	Backend string `help:"Where to compute: auto, xla:cuda, xla:cpu, go. The environment variable GOMLX_BACKEND wins." default:"auto"`
	JSON    bool   `help:"Print one JSON object on standard output; progress goes to standard error." name:"json"`
	Quiet   bool   `help:"Show no progress." short:"q"`
	Debug   bool   `help:"Show where an error came from."`

	Demo     demoCmd     `cmd:"" help:"The main job: finetune a model, measure nine shifts, write a report."`
	Setup    setupCmd    `cmd:"" help:"Install the XLA plugin into .venv."`
	Doctor   doctorCmd   `cmd:"" help:"Show what was found and what mends what is missing."`
	Lab      labCmd      `cmd:"" help:"Start JupyterLab with the Go kernel."`
	Notebook notebookCmd `cmd:"" help:"Run notebooks without a browser."`
	Pretrain pretrainCmd `cmd:"" help:"Train a small model from nothing."`
	Finetune finetuneCmd `cmd:"" help:"Finetune a model's relevance onto the object."`
	Stop     stopCmd     `cmd:"" help:"Stop the process that writes a run folder."`
	Evaluate evaluateCmd `cmd:"" help:"Accuracy of models on evaluation sets."`
	Segment  segmentCmd  `cmd:"" help:"The relevance segmentation test: maps against masks."`
	Explain  explainCmd  `cmd:"" help:"A page of relevance maps for any photographs."`
	Masks    masksCmd    `cmd:"" help:"Make foreground masks without labels: TokenCut, or the model's attention."`
	Sweep    sweepCmd    `cmd:"" help:"The paper's experiments, ablations and sensitivity studies, with their tables."`
	Report   reportCmd   `cmd:"" help:"Write the page of a run folder again."`
	Export   exportCmd   `cmd:"" help:"Take weights away: timm, transformers, safetensors."`
	Convert  convertCmd  `cmd:"" help:"Turn a PyTorch checkpoint or model folder into safetensors with timm's names."`
	Weights  weightsCmd  `cmd:"" help:"List published models, or fetch one from the Hugging Face hub."`
	Inspect  inspectCmd  `cmd:"" help:"Say what a file or folder holds."`
	Prepare  prepareCmd  `cmd:"" help:"Write what the model sees of an image."`
	Verify   verifyCmd   `cmd:"" help:"Compare every stage of the method with reference values."`
	Bench    benchCmd    `cmd:"" help:"Measure time and memory of everything, beside PyTorch where asked."`
	Data     dataCmd     `cmd:"" help:"Check data, or write the embedded data to disk."`
}
