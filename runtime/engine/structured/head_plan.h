// What the weights and the architecture reveal about an attention head, and which exact way of
// computing it this allows.
//
// The score of (query, key) is a sum over the head's dimensions. Dimensions in which all program
// positions have the same key add the same number to all their scores, and softmax depends only on
// differences; such a sum matters only relative to the score of BOS. So a score is split into
//
//     varying dimensions:  sum of query(d) key(d), for keys at program positions
//     lead of BOS:         score of BOS minus what the constant dimensions add to other scores
//
// and BOS is a separate key with the lead as its score.
#pragma once

#include <string>
#include <vector>

#include "runtime/engine/structured/residual_sources.h"
#include "runtime/engine/structured/sparse_map.h"

namespace raspc {

struct HeadPlan {
  enum class Kind {
    // Keys are functions of the token, so they form few classes, and a count and a sum of
    // values for each is all that is kept of the positions.
    kTokenClasses,
    // Scores depend only on the offset k - q, through a relative bias with few levels.
    kOffsets,
    // Keys are points in the plane that depend only on the position, each beyond the line between
    // its neighbours: like those of (k, k^2), by which positions are compared.
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
    std::vector<Offsets> offsets;  // ascending, not adjacent
  };

  Kind kind = Kind::kDense;
  HeadMask mask = HeadMask::kNone;
  int head_dim = 0;
  // Those of the head's values that are not always 0 and that its output uses. With none, the
  // head adds nothing.
  std::vector<int> values;
  int value_dim = 0;                  // their number
  std::vector<int> varying;           // dimensions of the head, ascending
  std::vector<double> constant_key;   // [head_dim]: of program positions; 0 where varying
  SparseMap query;                    // [d_model, head_dim]
  SparseMap key;                      // [d_model, head_dim]
  SparseMap varying_key;              // [d_model, varying]
  SparseMap value;                    // [d_model, value_dim]
  std::vector<double> relative_bias;  // as in Head, followed by kKeyLanes more; or empty

  // kTokenClasses:
  std::vector<int> key_class_of;                // [vocabulary]: a token's class
  std::vector<std::vector<double>> class_keys;  // [classes, varying]
  std::vector<int> query_class_of;              // [vocabulary], or empty if queries are computed
  std::vector<std::vector<double>> query_rows;  // [query classes, head_dim]
  std::vector<double> class_scores;             // [query classes, classes]

  // kOffsets: biases fall.
  std::vector<BiasLevel> levels;

  // kPositionChain: the keys with the indicator of BOS, [varying + 1, context_length + 1] feature
  // by feature, followed by kKeyLanes more, as in HeadInput.
  std::vector<double> position_keys;
  std::ptrdiff_t position_key_stride = 0;
  double chain_y_sign = 1;  // factor of y that makes the chain concave

  Source key_source = Source::kComputed;  // of the varying dimensions
  Source query_source = Source::kComputed;
  // Whether queries, keys and the key of BOS depend only on the position, under a mask that hides
  // later keys: then a position attends to the same positions in every sequence.
  bool is_positional = false;

  bool HasTokenQueries() const { return !query_class_of.empty(); }
  // Whether the keys of a sequence have to be computed.
  bool NeedsKeys() const { return kind == Kind::kSearch || kind == Kind::kDense; }
};

// How many numbers the tables of all plans of a model may still hold. They are as large as the
// vocabulary or the context, so without a limit a small file with very many heads would take memory
// and time quadratic in its size.
class TableBudget {
 public:
  // A few times the model's own size, plus what any machine has.
  explicit TableBudget(const Model& model)
      : left_((std::int64_t{1} << 24) + 8 * SizesOf(model).parameters) {}

  // False if not enough is left.
  bool Take(std::size_t numbers) {
    if (static_cast<std::int64_t>(numbers) > left_) return false;
    left_ -= static_cast<std::int64_t>(numbers);
    return true;
  }

 private:
  std::int64_t left_;
};

// `sources` are those of the stream as it enters the head's layer. Heads whose tables exceed
// the budget are planned without tables.
HeadPlan PlanHead(const Model& model, const Head& head, const DirectionSources& sources,
                  TableBudget& budget);

std::string_view NameOf(HeadPlan::Kind kind);
// One line: the kind, and the reason for it.
std::string Describe(const HeadPlan& plan);

}  // namespace raspc
