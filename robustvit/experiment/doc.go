// Package experiment holds the paper's experiments, baselines, ablations and
// sensitivity studies, and those beyond it, as values: the question, the table
// or figure, the models that it compares, its cost, and how tables, plots and
// claims follow from the records of those models. Models are shared: what two
// experiments compare is finetuned and measured once (package pool).
package experiment
