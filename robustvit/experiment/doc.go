// Package experiment holds the paper's experiments, baselines, ablations and
// sensitivity studies, and those beyond it, as values: the question, the table
// or figure, the models that it compares, its cost, and how tables, plots and
// claims follow from the records of those models. Models are shared: what two
// experiments compare is finetuned and measured once (package pool).
//
// What all experiments use:
//
//	experiment.go  the value and the list    setting.go     models, data, sets
//	sweep.go       runs one                  work.go        makes its points
//	outcome.go     its records               arm.go, methods.go  the method, controls
//	tables.go      tables that most show     baseline.go    GradMask, RRR and their tuning
//	verdict.go     when a claim is held      sheet.go, cell.go, csv.go, publish.go  results.json
//	published.go   the paper's numbers (package paper)
//
// The experiments, a file or a few of one name each:
//
//	tables12 (Tables 1, 2)        draws (8, 9)            table3 (3)
//	halves (Figure 4, 10, 11)     perclass (Figures 8-15) figures (1, 2, 3, 6, 15)
//	ablation (4, 12)              baselines (Eq. 8-10)    controls
//	confidence_term               pretraining_seeds       interpolation
//	samples, class_count (Figure 7)  rate_study           lambdas
//	temperature (and start layer) relevance_options (gradient order, target class)  mask_rule
//	sis (Figure 5)                explanations            significance
//	calibration                   effective               sifactors, location
//	normalisation
//
// mapstudies.go, method_studies.go, sensitivity.go and beyond.go list them and
// hold what the experiments of one group share; aspects.go and knob*.go are the
// columns and the one-setting-at-a-time form of two of the groups.
package experiment
