// Lowered blocks evaluated separately in (nearly) exact arithmetic, and how far an engine is from
// that. Shares no code with the engines, and only the layout with the stages after lowering.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "runtime/engine/engine.h"
#include "tests/compiler/backend_testing.h"

namespace raspc {

// Evaluates blocks on one framed input in the order of their layers, with attention that is hard by
// definition: among the visible keys those without a penalty, equally, or the one with the
// smallest. Position 0 is BOS, where a
// variable has its `at_bos`.
class IdealRun {
 public:
  using Real = long double;

  IdealRun(const Stages& stages, const std::vector<Atom>& input);

  Real ValueOf(std::size_t position, std::size_t variable) const {
    return values_[position][variable];
  }
  Real ValueOf(std::size_t position, const LinearForm& form) const;
  // Whether a head of the blocks, by its number there, selects a key for a query; BOS is position
  // 0, and selected where it shares in the row or nothing else is selected.
  bool IsSelected(std::size_t head, std::size_t q, std::size_t k) const {
    return selected_[head][q][k];
  }
  // The first penalty that is neither clearly zero nor clearly positive; empty if there is none.
  const std::string& problem() const { return problem_; }

 private:
  Real Embedded(const Variable& variable, const std::vector<Atom>& input, std::size_t p) const;
  bool IsVisible(const HeadBlock& head, std::size_t q, std::size_t k) const;
  std::vector<std::size_t> Selected(const HeadBlock& head, std::size_t q,
                                    const std::vector<std::vector<Real>>& queries,
                                    const std::vector<std::vector<Real>>& keys);
  std::vector<std::size_t> OfLeastPenalty(const HeadBlock& head, std::size_t q,
                                          const std::vector<std::vector<Real>>& queries,
                                          const std::vector<std::vector<Real>>& keys);
  void RunHead(std::size_t number);
  void RunMlp(const MlpBlock& mlp);

  const Stages& stages_;
  std::size_t num_positions_;
  std::vector<std::vector<Real>> values_;                 // [position][variable]
  std::vector<std::vector<std::vector<bool>>> selected_;  // [head][query][key]
  std::string problem_;
};

// The ids of the tokens in the model's vocabulary, which must have them all.
std::vector<int> IdsOf(const Model& model, const std::vector<Atom>& input);

// The tolerance for floats that are not listed, relative where they are above 1.
inline constexpr double kFloatTolerance = 1e-9;
// Whether a decoded value is right: the interpreter's, or close to it if it is not listed.
bool IsRight(const OutputDecoding& decoding, const Atom& wanted, const Atom& got);

// The engine's residual stream and readout.
struct Computed {
  Matrix residual;  // [positions, d_model], BOS included
  Matrix readout;   // [positions - 1, readout_dim]
};
Computed RunOn(const Engine& engine, const Model& model, const std::vector<Atom>& input);

// The errors of variables with a bound above 0, over any number of runs.
class ErrorsSeen {
 public:
  explicit ErrorsSeen(const Stages& stages);
  // Adds one run. An error beyond its bound is a problem.
  void Add(const IdealRun& ideal, const Computed& computed);

  // The first variable whose error exceeded its bound; empty if none did.
  const std::string& problem() const { return problem_; }
  double OfVariable(std::size_t i) const { return of_variable_[i]; }
  // The largest error of a variable as a fraction of its bound; 0 if all are exact.
  double LargestShareOfBound() const;
  // Of the first readout, and its bound.
  double OfReadout() const { return of_readout_; }
  double BoundOfReadout() const;

 private:
  void AddValue(const Variable& variable, std::size_t i, std::size_t position, IdealRun::Real ideal,
                double got);

  void AddReadout(IdealRun::Real ideal, double got);

  const Stages& stages_;
  std::vector<double> of_variable_;
  double of_readout_ = 0;
  std::string problem_;
};

}  // namespace raspc
