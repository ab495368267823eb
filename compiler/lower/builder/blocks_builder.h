// Blocks while they are made: variables, heads and MLP segments are added, and stay as they are but
// for further channels of a head. Knows nothing of the program.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "compiler/lower/builder/blocks.h"
#include "compiler/lower/builder/mlp_segment.h"
#include "compiler/lower/builder/variable_meaning.h"

namespace raspc {

class BlocksBuilder {
 public:
  explicit BlocksBuilder(DType dtype,
                         std::int64_t max_parameters = std::numeric_limits<std::int64_t>::max());

  // Thrown once the blocks have more parameters than asked for.
  struct TooManyParameters {};
  // Throws it if they would have with so many more variables, before these are computed.
  void RequireRoomFor(std::size_t num_variables) const;

  const Blocks& blocks() const { return blocks_; }
  const Arithmetic& arithmetic() const { return blocks_.arithmetic; }
  // See blocks.h.
  Bound BoundOf(const LinearForm& form) const { return raspc::BoundOf(blocks_, form); }
  int ReadyOf(const LinearForm& form) const { return raspc::ReadyOf(blocks_, form); }

  // The form with the column by_token + by_position, [vocabulary] and [context_length]; either may
  // be empty, for 0. Equal columns are one variable, a constant stays a constant.
  LinearForm Embedding(std::vector<double> by_token, std::vector<double> by_position,
                       const VariableMeaning& meaning);

  // The index of the new head.
  std::size_t AddHead(HeadBlock head);
  // One more output of a head, read from `value` at the key; `variable` has its bound and when it
  // is ready.
  LinearForm AddChannel(std::size_t head, const LinearForm& value, double at_bos, Variable variable,
                        const VariableMeaning& meaning);

  // One more output of a segment that is being made and is added by AddMlp, with a margin for it;
  // `ready` is that of the segment.
  LinearForm AddOutput(MlpBlock& block, const MlpSegment::Output& output,
                       const VariableMeaning& meaning, int ready);
  void AddMlp(MlpBlock block);
  // When the outputs of a segment that reads `z` are ready.
  int ReadyAfterMlp(const LinearForm& z) const;
  // A segment with one output, as its own block; `z` is what the segment reads.
  LinearForm AddSegment(const MlpSegment& segment, const MlpSegment::Output& output,
                        const LinearForm& z, const VariableMeaning& meaning);
  // From a number that is approximately 0 or 1: exactly 0, or at least 1. Nothing if it is not
  // precise enough. The meaning of the number must be a function of listed values.
  std::optional<LinearForm> Cleaned(const LinearForm& form, VariableMeaning meaning);

  // A decision that was taken, for the certificate: the error of what decides, and the error at
  // which it would go wrong.
  void AddMargin(std::string what, double error, double margin,
                 std::optional<std::size_t> head = {});

  void SetReadouts(std::vector<LinearForm> readouts, OutputDecoding decoding);

 private:
  VariableId AddVariable(Variable variable, const VariableMeaning& meaning);
  Variable EmbeddingVariable(const std::vector<double>& by_token,
                             const std::vector<double>& by_position) const;

  Blocks blocks_;
  std::int64_t max_parameters_;
  std::int64_t num_rows_ = 0;  // of the model's matrices, each with an entry for every variable
  std::map<std::pair<std::vector<double>, std::vector<double>>, VariableId> embeddings_;
};

}  // namespace raspc
