// See head_plan.h.
#include "runtime/engine/structured/head_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "runtime/engine/kernels/kernels.h"
#include "runtime/engine/structured/convex_layers.h"

namespace raspc {
namespace {

// Maximum number of key classes whose scores are computed for each query; of classes of keys, and
// of queries, whose scores are tabulated; and of entries of a table of scores or of values by
// class.
constexpr std::size_t kMaxClasses = 64;
constexpr std::size_t kMaxTableClasses = 1024;
constexpr std::size_t kMaxTableEntries = 1 << 16;
// Maximum number of levels, and of runs of offsets, of a relative bias that are visited per query.
constexpr std::size_t kMaxBiasLevels = 16;
constexpr std::size_t kMaxOffsetRuns = 64;

// The rows of x W for every token, for columns that depend only on the token: the same at every
// program position, so the first one serves.
std::vector<std::vector<double>> RowsByToken(const Model& model, const SparseMap& map) {
  std::vector<std::vector<double>> rows;
  for (int token = 0; token < model.bos_id(); ++token) {
    const Vector x = model.token_embedding.row(token) + model.position_embedding.row(1);
    rows.emplace_back(static_cast<std::size_t>(map.num_outputs()));
    map.ApplyOne(x.data(), rows.back().data());
  }
  return rows;
}

// Numbers the distinct rows in order of first occurrence: the class of each row, and the rows of
// the classes.
std::vector<int> Classify(const std::vector<std::vector<double>>& rows,
                          std::vector<std::vector<double>>& classes) {
  std::map<std::vector<double>, int> seen;
  std::vector<int> class_of;
  for (const std::vector<double>& row : rows) {
    const auto [at, is_new] = seen.emplace(row, static_cast<int>(classes.size()));
    if (is_new) classes.push_back(row);
    class_of.push_back(at->second);
  }
  return class_of;
}

// Whether none of the numbers overflowed, as comparisons would then mean nothing.
bool AreFinite(const std::vector<std::vector<double>>& rows) {
  return std::all_of(rows.begin(), rows.end(), [](const std::vector<double>& row) {
    return std::all_of(row.begin(), row.end(), [](double x) { return std::isfinite(x); });
  });
}

double VaryingScore(const HeadPlan& plan, const std::vector<double>& query,
                    const std::vector<double>& key) {
  double score = 0;
  for (std::size_t v = 0; v < plan.varying.size(); ++v) {
    score += query[static_cast<std::size_t>(plan.varying[v])] * key[v];
  }
  return score;
}

// False if there are too many classes for a table.
bool TabulateScores(HeadPlan& plan, TableBudget& budget) {
  const std::size_t num_classes = plan.class_keys.size(), num_queries = plan.query_rows.size();
  const std::size_t most = std::max(num_classes, num_queries);
  if (most > kMaxTableClasses || num_classes * num_queries > kMaxTableEntries ||
      most * static_cast<std::size_t>(plan.value_dim) > kMaxTableEntries) {
    return false;
  }
  if (!budget.Take(num_classes * num_queries)) return false;
  for (const std::vector<double>& query : plan.query_rows) {
    for (const std::vector<double>& key : plan.class_keys) {
      plan.class_scores.push_back(VaryingScore(plan, query, key));
    }
  }
  return true;
}

bool PlanTokenClasses(const Model& model, HeadPlan& plan, TableBudget& budget) {
  if (plan.key_source != Source::kConstant && plan.key_source != Source::kToken) return false;
  const std::size_t row_size = 1 + static_cast<std::size_t>(plan.head_dim);
  if (!budget.Take(2 * static_cast<std::size_t>(model.bos_id()) * row_size)) return false;
  const std::vector<std::vector<double>> keys = RowsByToken(model, plan.varying_key);
  if (!AreFinite(keys)) return false;
  plan.key_class_of = Classify(keys, plan.class_keys);
  const bool by_token =
      plan.query_source == Source::kConstant || plan.query_source == Source::kToken;
  if (by_token) {
    const std::vector<std::vector<double>> queries = RowsByToken(model, plan.query);
    if (!AreFinite(queries)) return false;
    plan.query_class_of = Classify(queries, plan.query_rows);
    if (TabulateScores(plan, budget)) return true;
    plan.query_class_of.clear();
    plan.query_rows.clear();
  }
  if (plan.class_keys.size() <= kMaxClasses) return true;
  plan.key_class_of.clear();
  plan.class_keys.clear();
  return false;
}

// The offsets by bias; false if there are too many levels.
bool PlanOffsets(const Model& model, HeadPlan& plan) {
  if (!plan.varying.empty()) return false;
  std::map<double, std::vector<HeadPlan::Offsets>, std::greater<>> levels;
  std::size_t num_runs = 0;
  const std::int64_t size = RelativeBiasSize(plan.mask, model.context_length);
  for (std::size_t i = 0; i < static_cast<std::size_t>(size); ++i) {
    const std::int64_t offset = static_cast<std::int64_t>(i) - model.context_length;
    std::vector<HeadPlan::Offsets>& runs = levels[plan.relative_bias[i]];
    if (!runs.empty() && runs.back().last == offset - 1) {
      runs.back().last = offset;
      continue;
    }
    runs.push_back({offset, offset});
    if (levels.size() > kMaxBiasLevels || ++num_runs > kMaxOffsetRuns) return false;
  }
  for (auto& [bias, runs] : levels) plan.levels.push_back({bias, std::move(runs)});
  return true;
}

// Whether the points at positions from 1 on lie on a strictly concave chain, in the order of x or
// against it, when y is multiplied by `sign`.
bool IsChain(const double* x, const double* y, std::int64_t context_length, double sign) {
  const double direction = x[2] > x[1] ? 1 : -1;
  const auto point = [&](std::int64_t p) { return PlanePoint{direction * x[p], sign * y[p]}; };
  for (std::int64_t p = 2; p <= context_length; ++p) {
    if (!(point(p).x > point(p - 1).x)) return false;
    if (p > 2 && !IsAbove(point(p - 2), point(p - 1), point(p))) return false;
  }
  return true;
}

bool PlanPositionChain(const Model& model, HeadPlan& plan, TableBudget& budget) {
  const std::int64_t length = model.context_length;
  if (plan.key_source != Source::kPosition || plan.varying.size() != 2 || length < 3) return false;
  if (!budget.Take(3 * static_cast<std::size_t>(length))) return false;
  plan.position_key_stride = length + 1 + kKeyLanes<double>;
  plan.position_keys.assign(3 * static_cast<std::size_t>(plan.position_key_stride), 0);
  double* x = plan.position_keys.data();
  double* y = x + plan.position_key_stride;
  for (std::int64_t p = 1; p <= length; ++p) {
    const Vector stream = model.token_embedding.row(0) + model.position_embedding.row(p);
    double key[2];
    plan.varying_key.ApplyOne(stream.data(), key);
    if (!IsCoordinate(key[0]) || !IsCoordinate(key[1])) return false;
    x[p] = key[0];
    y[p] = key[1];
  }
  y[plan.position_key_stride] = 1;  // the indicator of BOS
  for (const double sign : {1.0, -1.0}) {
    if (!IsChain(x, y, length, sign)) continue;
    plan.chain_y_sign = sign;
    return true;
  }
  plan.position_keys.clear();
  return false;
}

HeadPlan::Kind ChooseKind(const Model& model, HeadPlan& plan, TableBudget& budget) {
  if (!plan.relative_bias.empty()) {
    return PlanOffsets(model, plan) ? HeadPlan::Kind::kOffsets : HeadPlan::Kind::kDense;
  }
  if (PlanTokenClasses(model, plan, budget)) return HeadPlan::Kind::kTokenClasses;
  if (PlanPositionChain(model, plan, budget)) return HeadPlan::Kind::kPositionChain;
  return HeadPlan::Kind::kSearch;
}

}  // namespace

HeadPlan PlanHead(const Model& model, const Head& head, const DirectionSources& sources,
                  TableBudget& budget) {
  HeadPlan plan;
  plan.mask = head.mask;
  plan.head_dim = static_cast<int>(head.query.cols());
  for (int d = 0; d < head.value.cols(); ++d) {
    if ((head.value.col(d).array() != 0).any() && (head.output.row(d).array() != 0).any()) {
      plan.values.push_back(d);
    }
  }
  plan.value_dim = static_cast<int>(plan.values.size());
  plan.query = SparseMap(head.query);
  plan.key = SparseMap(head.key);
  plan.value = SparseMap(Matrix(head.value(Eigen::all, plan.values)));
  plan.relative_bias.assign(head.relative_bias.begin(), head.relative_bias.end());
  // Attend reads whole vectors.
  if (!plan.relative_bias.empty()) {
    plan.relative_bias.resize(plan.relative_bias.size() + kKeyLanes<double>, 0);
  }
  plan.constant_key.assign(static_cast<std::size_t>(plan.head_dim), 0);
  plan.key_source = Source::kConstant;
  plan.query_source = sources.Of(head.query);
  const Vector first = model.token_embedding.row(0) + model.position_embedding.row(1);
  std::vector<double> first_key(static_cast<std::size_t>(plan.head_dim));
  plan.key.ApplyOne(first.data(), first_key.data());
  for (int d = 0; d < plan.head_dim; ++d) {
    const Source source = sources.OfColumn(head.key, d);
    // A dimension in which every query is 0 adds nothing either.
    if (source == Source::kConstant) {
      plan.constant_key[static_cast<std::size_t>(d)] = first_key[static_cast<std::size_t>(d)];
    } else if ((head.query.col(d).array() != 0).any()) {
      plan.varying.push_back(d);
      plan.key_source = Join(plan.key_source, source);
    }
  }
  plan.varying_key = SparseMap(Matrix(head.key(Eigen::all, plan.varying)));
  plan.kind = ChooseKind(model, plan, budget);
  const auto is_by_position = [](Source source) {
    return source == Source::kConstant || source == Source::kPosition;
  };
  plan.is_positional = plan.mask != HeadMask::kNone && plan.relative_bias.empty() &&
                       is_by_position(plan.query_source) && is_by_position(plan.key_source) &&
                       sources.Of(head.key) != Source::kComputed;
  return plan;
}

std::string_view NameOf(HeadPlan::Kind kind) {
  switch (kind) {
    case HeadPlan::Kind::kTokenClasses:
      return "token classes";
    case HeadPlan::Kind::kOffsets:
      return "offsets";
    case HeadPlan::Kind::kPositionChain:
      return "position chain";
    case HeadPlan::Kind::kSearch:
      return "search";
    case HeadPlan::Kind::kDense:
      return "dense";
  }
  return "?";
}

std::string Describe(const HeadPlan& plan) {
  if (plan.value_dim == 0) return "adds nothing";
  switch (plan.kind) {
    case HeadPlan::Kind::kTokenClasses: {
      const std::size_t classes = plan.class_keys.size();
      const std::string queries = plan.HasTokenQueries()
                                      ? fmt::format("{} of queries", plan.query_rows.size())
                                      : "queries computed";
      if (classes == 1) return fmt::format("all keys equal: a running sum ({})", queries);
      return fmt::format("{} classes of keys by token: running sums ({})", classes, queries);
    }
    case HeadPlan::Kind::kOffsets: {
      std::size_t runs = 0;
      for (const HeadPlan::BiasLevel& level : plan.levels) runs += level.offsets.size();
      return fmt::format("scores by relative position only: {} runs of offsets in {} levels", runs,
                         plan.levels.size());
    }
    case HeadPlan::Kind::kPositionChain:
      return "keys by position on a convex chain: the nearest is found by bisection";
    case HeadPlan::Kind::kSearch:
      return fmt::format("{} of {} key dimensions vary; keys are {}: indexed", plan.varying.size(),
                         plan.head_dim, NameOf(plan.key_source));
    case HeadPlan::Kind::kDense:
      return "no structure: every score is computed";
  }
  return "?";
}

}  // namespace raspc
