// Everything of raspc for programs that use it as a library:
//
//   #include <raspc/raspc.h>
//
// It lists the public headers; what another header declares may change without notice. Link
// raspc::lab for all of it, raspc::compiler without the laboratory, or raspc::runtime to run models
// only. Names are in namespace raspc. Failures are reported to a Diagnostics, with their place;
// what fails to give a result returns an empty optional. No type of the libraries raspc is built on
// appears here, except Eigen's matrices in a Model.
//
//   raspc::Diagnostics diag;
//   if (const auto program = raspc::LoadProgram("sort.rasp", {}, diag)) {
//     if (const auto model = raspc::Compile(*program, diag)) {
//       const auto engine = raspc::MakeEngine(raspc::EngineKind::kStructured, *model);
//       const auto outputs = raspc::RunModel(*model, *engine, inputs);
//     }
//   }
//   std::cerr << raspc::Render(diag);
#pragma once

// Values and failures.
#include "base/atom.h"         // Atom, a token or a value, and its JSON
#include "base/diagnostics.h"  // Diagnostics: what was reported, where; Render prints it
#include "base/escape.h"       // EscapeText: text of unknown origin, made safe to show
#include "base/files.h"        // FileReader, WriteFile: files, with failures as diagnostics
#include "base/html.h"         // EscapeHtml: text in markup
#include "base/option_value.h"  // UnknownName: what is said of a name that does not exist

// Long work.
#include "base/memory_reserve.h"  // MemoryReserve: so that a lack of memory is an exception
#include "base/stop.h"            // StopScope: ends work early, which then throws Stopped

// Programs.
#include "compiler/graph/graph_builder.h"         // GraphBuilder: a program without source text
#include "compiler/interpret/interpret.h"         // Interpreter, Generate: what a program means
#include "compiler/interpret/selector_picture.h"  // SelectorPicture: a selector as a grid of text
#include "compiler/load/load_program.h"           // LoadProgram: from source to a traced graph
#include "compiler/settings/specification.h"      // Specify: from what is given to what holds

// Models.
#include "compiler/compile.h"           // Compile: from a program to a Model
#include "compiler/verify/verify.h"     // Verify: a Model against the interpreter
#include "runtime/model/model.h"        // Model: weights, layout, certificate; SizesOf, CheckModel
#include "runtime/model/model_file.h"   // ReadModelFile, SerializeModel
#include "runtime/model/tensor_list.h"  // VisitTensors: the weights by name
#include "runtime/run/intervene.h"      // AddClamps: s-ops set to values by hand
#include "runtime/run/make_engine.h"    // MakeEngine: what runs a Model
#include "runtime/run/run_model.h"      // RunModel: tokens in, decoded values out
#include "runtime/run/trace_model.h"    // TraceModel: attention and residual stream on an input
#include "runtime/run/verdict.h"        // VerdictOf: whether a recogniser accepts

// The laboratory.
#include "automata/algebra/classify.h"          // Classify: what algebra says of a language
#include "automata/pictures/dot.h"              // AutomatonDot: an automaton for Graphviz
#include "lab/registry/language.h"              // ReadLanguage: a regular language by its name
#include "lab/registry/registry.h"              // ReadProblem: any problem by its name
#include "lab/report/suite_html.h"              // SuiteHtml: the report as a page
#include "lab/run/compile_generated_program.h"  // CompileGeneratedProgram: a recogniser's model
#include "lab/run/run_problem.h"                // RunProblem: a model against the definition
#include "lab/suite/suite.h"                    // RunSuite: every problem by every mechanism
#include "lab/suite/suite_json.h"               // SuiteJson, ReadSuiteJson: its report
#include "lab/suite/suite_table.h"              // SuiteTable: the report as text
