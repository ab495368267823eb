// Programs at the limit of float32 precision, and what actually fails there.
//
// The certificate bounds rounding errors for every input, every order of summation and every
// position. Here they are provoked: by inputs on which counts are large, by a search for worse
// ones, and by models whose neurons are in other orders, so that sums have other, and larger,
// partial sums.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/compiler/ideal_run.h"

namespace raspc {

struct EdgeProgram {
  std::string name;
  std::string text;
  std::string vocab;
  Target target;
};
// Counts, means, and functions of them, whose rounding bounds grow with the length.
const std::vector<EdgeProgram>& EdgePrograms();

// The program, to be compiled for inputs of this length, only in this type.
Case EdgeCase(const EdgeProgram& program, std::int64_t max_length, DType dtype);

// A length up to `most` that is accepted in float32, with the next one refused or more than `most`.
std::int64_t LongestInFloat32(const EdgeProgram& program, std::int64_t most);

// Inputs of a length that make counts large or sums uneven, and `num_random` random ones.
std::vector<std::vector<Atom>> HardInputs(const std::vector<Atom>& vocabulary, std::int64_t length,
                                          int num_random);

// The same function with the neurons of every MLP in another order: 0 leaves them unchanged; in 1
// those with large weights come first, in 2 those with small (negative) ones, in 3 any.
inline constexpr int kNumNeuronOrders = 4;
Model WithNeuronOrder(const Model& model, int order);

// The model of the same blocks in float32, whether their bounds allow it or not.
Model ForcedIntoFloat32(const Stages& stages);

// Observations from runs of a model on hard inputs, on both engines and in all neuron orders.
struct EdgeReport {
  double margin = 0;          // the error at which a readout decodes to another value
  double bound = 0;           // of the readout
  double error = 0;           // the largest distance of a readout from the interpreter's value
  double share_of_bound = 0;  // the largest error of any variable as a fraction of its bound
  std::int64_t num_values = 0;
  std::int64_t num_wrong = 0;  // decoded values that are not the interpreter's
  std::string problem;         // the first error beyond its bound; empty if there was none
};
// `model` computes the blocks of `stages`, in whatever type. Where it is not theirs, ask for no
// bounds: errors are then not compared with them.
EdgeReport ProbeEdge(const Case& program, const Stages& stages, const Model& model,
                     const std::vector<std::vector<Atom>>& inputs, bool with_bounds);

// A sum on both sides of the limit: of a gathered y and a width w, y * factor + w, in which w is
// lost once the sum has more bits than the type.
struct SumProbe {
  std::int64_t factor;
  std::optional<EdgeReport> accepted;  // in float32, if it is accepted there
  EdgeReport forced;                   // the blocks of float64 forced into float32
};
std::vector<SumProbe> ProbeSums();

// Starts from `input` and changes a token at a time, `num_steps` times, keeping what makes the
// error of the readout on the dense engine larger.
std::vector<Atom> WorseInput(const Stages& stages, std::vector<Atom> input, int num_steps);

}  // namespace raspc
