// What can be told about an attention head from the weights and the architecture, and which way of
// computing it exactly that opens.
//
// The score of (query, key) is a sum over the head's dimensions. Dimensions in which all program
// positions have the same key add the same number to all their scores, and softmax only sees
// differences; such a sum matters beside the score of BOS alone. So a score is split into
//
//     varying dimensions:  sum of query(d) key(d), for keys at program positions
//     lead of BOS:         score of BOS minus what the constant dimensions give every other key
//
// and BOS is a key of its own with the lead as its score.
#pragma once

#include <string>
#include <vector>

#include "runtime/structured/sources.h"
#include "runtime/structured/sparse_map.h"

namespace raspc {

struct HeadPlan {
  enum class Kind {
    // Keys are functions of the token, so there are few classes of them, and a count and a sum of
    // values for each is all that is kept of the positions.
    kTokenClasses,
    // Scores depend on the offset k - q alone, through a relative bias with few levels.
    kOffsets,
    // Keys are points in the plane that depend on the position alone, each beyond the line between
    // its
    // neighbours: like those of (k, k^2), by which positions are compared.
    kPositionChain,
    // Keys are indexed while a sequence is read; see key_index.h.
    kSearch,
    // Every score is computed: a relative bias and varying keys, or a bias with many levels.
    kDense,
  };
  // Keys with equal biases: offsets k - q from first to last.
  struct Offsets {
    std::int64_t first, last;
  };
  struct BiasLevel {
    double bias;
    std::vector<Offsets> offsets;  // rising, not adjacent
  };

  Kind kind = Kind::kDense;
  HeadMask mask = HeadMask::kNone;
  int head_dim = 0;
  // Those of the head's values that are not 0 throughout and that its output uses. With none, the
  // head adds nothing.
  std::vector<int> values;
  int value_dim = 0;                  // how many these are
  std::vector<int> varying;           // dimensions of the head, rising
  std::vector<double> constant_key;   // [head_dim]: of program positions; 0 where varying
  SparseMap query;                    // [d_model, head_dim]
  SparseMap key;                      // [d_model, head_dim]
  SparseMap varying_key;              // [d_model, varying]
  SparseMap value;                    // [d_model, value_dim]
  std::vector<double> relative_bias;  // as in Head, with kKeyLanes more behind; or empty

  // kTokenClasses:
  std::vector<int> key_class_of;                // [vocabulary]: a token's class
  std::vector<std::vector<double>> class_keys;  // [classes, varying]
  std::vector<int> query_class_of;              // [vocabulary], or empty if queries are computed
  std::vector<std::vector<double>> query_rows;  // [query classes, head_dim]
  std::vector<double> class_scores;             // [query classes, classes]

  // kOffsets: biases fall.
  std::vector<BiasLevel> levels;

  // kPositionChain: the keys with the mark of BOS, [varying + 1, context_length + 1] feature by
  // feature with kKeyLanes more behind, as in HeadInput.
  std::vector<double> position_keys;
  std::ptrdiff_t position_key_stride = 0;
  double chain_y_sign = 1;  // what y is multiplied by so that the chain is concave

  Source key_source = Source::kComputed;  // of the varying dimensions
  Source query_source = Source::kComputed;

  bool HasTokenQueries() const { return !query_class_of.empty(); }
  // Whether the keys of a sequence have to be computed.
  bool NeedsKeys() const { return kind == Kind::kSearch || kind == Kind::kDense; }
};

// `sources` are those of the stream as it enters the head's layer.
HeadPlan PlanHead(const Model& model, const Head& head, const DirectionSources& sources);

std::string_view NameOf(HeadPlan::Kind kind);
// One line: the kind, and what it rests on.
std::string Describe(const HeadPlan& plan);

}  // namespace raspc
