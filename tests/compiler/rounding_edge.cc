#include "tests/compiler/rounding_edge.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "runtime/run/make_engine.h"
#include "compiler/interpret/interpret.h"
#include "runtime/run/run_model.h"

namespace raspc {

const std::vector<EdgeProgram>& EdgePrograms() {
  static const std::vector<EdgeProgram> programs = {
      {"a count", "x = selector_width(select(tokens, tokens, ==));", "ab", Target::kEncoder},
      {"all counts at once", "x = selector_width(select(indices, indices, <=));", "a",
       Target::kMasked},
      {"a function of a count", "x = selector_width(select(tokens, tokens, ==)) % 2;", "ab",
       Target::kEncoder},
      {"a count of counts",
       "h = selector_width(select(tokens, tokens, ==));\nx = selector_width(select(h, h, ==));",
       "abc", Target::kEncoder},
      {"a share", "x = aggregate(select(indices, indices, <=), indicator(tokens == \"a\"));", "ab",
       Target::kMasked},
      {"a share compared",
       "x = aggregate(select(indices, indices, <=), indicator(tokens == \"a\")) > 0.4;", "ab",
       Target::kMasked},
      {"a mean", "x = aggregate(select(tokens, tokens, ==), indices);", "ab", Target::kEncoder},
      {"a mean rounded", "x = round(aggregate(select(tokens, tokens, ==), indices));", "ab",
       Target::kEncoder},
      {"a place from the end", "x = aggregate(select(indices, length - 1 - indices, ==), indices);",
       "a", Target::kEncoder},
  };
  return programs;
}

Case EdgeCase(const EdgeProgram& program, std::int64_t max_length, DType dtype) {
  Case edge = TextCase(program.text, program.vocab, max_length);
  edge.name = program.name;
  edge.settings.target = program.target;
  edge.settings.dtype = dtype;
  return edge;
}

std::int64_t LongestInFloat32(const EdgeProgram& program, std::int64_t most) {
  const auto is_accepted = [&](std::int64_t max_length) {
    const Case edge = EdgeCase(program, max_length, DType::kFloat32);
    Diagnostics diag;
    return Compile(edge, diag).has_value();
  };
  std::int64_t accepted = 1;
  while (2 * accepted <= most && is_accepted(2 * accepted)) accepted *= 2;
  std::int64_t refused = std::min(2 * accepted, most + 1);
  while (refused - accepted > 1) {
    const std::int64_t middle = (accepted + refused) / 2;
    (is_accepted(middle) ? accepted : refused) = middle;
  }
  return accepted;
}

std::vector<std::vector<Atom>> HardInputs(const std::vector<Atom>& vocabulary, std::int64_t length,
                                          int num_random) {
  const auto size = static_cast<std::size_t>(length);
  const Atom& first = vocabulary.front();
  const Atom& last = vocabulary.back();
  std::vector<std::vector<Atom>> inputs;
  inputs.emplace_back(size, first);
  for (const std::size_t num_last : {std::size_t{1}, size / 2, size - 1}) {
    // Copies of the last token at the start, and at the end.
    inputs.emplace_back(size, first);
    std::fill_n(inputs.back().begin(), num_last, last);
    inputs.emplace_back(inputs.back().rbegin(), inputs.back().rend());
  }
  inputs.emplace_back(size, first);
  for (std::size_t i = 0; i < size; i += 2) inputs.back()[i] = last;
  std::mt19937_64 random(13);
  for (int i = 0; i < num_random; ++i) {
    // Even and uneven mixtures, of the full length and shorter.
    inputs.emplace_back(i % 3 == 2 ? 1 + random() % size : size);
    const std::uint64_t one_in = 2 + random() % 8;
    for (Atom& token : inputs.back()) {
      token = random() % one_in == 0 ? vocabulary[random() % vocabulary.size()] : first;
    }
  }
  return inputs;
}

Model WithNeuronOrder(const Model& model, int order) {
  Model ordered = model;
  std::mt19937_64 random(17);
  for (Layer& layer : ordered.layers) {
    const Mlp mlp = layer.mlp;
    std::vector<Eigen::Index> neurons(static_cast<std::size_t>(mlp.in.cols()));
    std::iota(neurons.begin(), neurons.end(), 0);
    const auto weight = [&](Eigen::Index neuron) { return mlp.out.row(neuron).sum(); };
    if (order == 1 || order == 2) {
      std::stable_sort(neurons.begin(), neurons.end(), [&](auto a, auto b) {
        return order == 1 ? weight(a) > weight(b) : weight(a) < weight(b);
      });
    } else if (order == 3) {
      std::shuffle(neurons.begin(), neurons.end(), random);
    }
    for (std::size_t i = 0; i < neurons.size(); ++i) {
      const auto to = static_cast<Eigen::Index>(i);
      layer.mlp.in.col(to) = mlp.in.col(neurons[i]);
      layer.mlp.in_bias(to) = mlp.in_bias(neurons[i]);
      layer.mlp.out.row(to) = mlp.out.row(neurons[i]);
    }
  }
  return ordered;
}

Model ForcedIntoFloat32(const Stages& stages) {
  Blocks blocks = stages.blocks;
  blocks.dtype = DType::kFloat32;
  Model settings = stages.model;
  settings.layers.clear();
  settings.certificate.entries.clear();
  return Emit(blocks, stages.schedule, stages.layout, std::move(settings));
}

namespace {

// The readout that stands for a value exactly.
std::optional<double> IdealReadout(const OutputDecoding& decoding, const Atom& value) {
  if (decoding.kind != OutputDecoding::Kind::kNearest) return NumberOf(value);
  for (std::size_t i = 0; i < decoding.values.size(); ++i) {
    if (Identical(decoding.values[i], value)) return decoding.codes[i];
  }
  return std::nullopt;
}

// Half the smallest gap between codes.
double MarginOf(const OutputDecoding& decoding) {
  if (decoding.kind != OutputDecoding::Kind::kNearest) return kFloatTolerance;
  double gap = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i + 1 < decoding.codes.size(); ++i) {
    gap = std::min(gap, decoding.codes[i + 1] - decoding.codes[i]);
  }
  return gap / 2;
}

void AddReadouts(const Model& model, const SOpValues& wanted, const Matrix& readout,
                 EdgeReport& report) {
  for (std::size_t p = 0; p < wanted.size(); ++p) {
    const auto row = static_cast<Eigen::Index>(p);
    const std::vector<double> numbers(readout.row(row).begin(), readout.row(row).end());
    ++report.num_values;
    const auto got = Decode(model.decoding, numbers);
    if (!got || !IsRight(model.decoding, wanted[p], *got)) ++report.num_wrong;
    const auto ideal = IdealReadout(model.decoding, wanted[p]);
    if (ideal) report.error = std::max(report.error, std::abs(numbers[0] - *ideal));
  }
}

}  // namespace

EdgeReport ProbeEdge(const Case& program, const Stages& stages, const Model& model,
                     const std::vector<std::vector<Atom>>& inputs, bool with_bounds) {
  EdgeReport report;
  ErrorsSeen errors(stages);
  report.margin = MarginOf(model.decoding);
  report.bound = errors.BoundOfReadout();
  for (const auto& input : inputs) {
    Diagnostics ignored;
    Interpreter interpreter(program.graph, input, program.IsCausal());
    const NodeValue* wanted = interpreter.Evaluate(program.output, ignored);
    if (wanted == nullptr) continue;
    std::optional<IdealRun> ideal;
    if (with_bounds) ideal.emplace(stages, input);
    for (int order = 0; order < kNumNeuronOrders; ++order) {
      const Model ordered = WithNeuronOrder(model, order);
      for (const EngineKind kind : {EngineKind::kDense, EngineKind::kReference}) {
        if (kind == EngineKind::kReference && order > 0) continue;
        const auto engine = MakeEngine(kind, ordered, 1);
        const Computed computed = RunOn(*engine, ordered, input);
        AddReadouts(model, std::get<SOpValues>(*wanted), computed.readout, report);
        if (ideal) errors.Add(*ideal, computed);
      }
    }
  }
  report.share_of_bound = errors.LargestShareOfBound();
  report.problem = errors.problem();
  // The interpreter's own value is a double.
  if (with_bounds && report.problem.empty() &&
      !(report.error <= report.bound * 1.001 + std::ldexp(1.0, -50))) {
    report.problem = fmt::format("the readout is {} from the interpreter's value; the bound is {}",
                                 report.error, report.bound);
  }
  return report;
}

std::vector<SumProbe> ProbeSums() {
  std::vector<SumProbe> probes;
  for (std::int64_t factor = 3; factor < std::int64_t{1} << 26; factor = 2 * factor - 1) {
    const EdgeProgram program{
        "a sum",
        fmt::format("y = aggregate(select(indices, indices - 1, ==), indices, 0);\n"
                    "w = selector_width(select(tokens, tokens, ==));\nx = y * {} + w;",
                    factor),
        "ab", Target::kEncoder};
    const auto inputs = HardInputs(CodePoints(program.vocab), 16, 4);
    const Case exact = EdgeCase(program, 16, DType::kFloat64);
    const Case narrow = EdgeCase(program, 16, DType::kFloat32);
    Diagnostics diag;
    const auto stages = RunStages(exact, diag);
    if (!stages) break;  // a test that looks for both edges will notice
    SumProbe probe{factor, std::nullopt,
                   ProbeEdge(exact, *stages, ForcedIntoFloat32(*stages), inputs, false)};
    if (const auto accepted = RunStages(narrow, diag)) {
      probe.accepted = ProbeEdge(narrow, *accepted, accepted->model, inputs, true);
    }
    probes.push_back(std::move(probe));
  }
  return probes;
}

std::vector<Atom> WorseInput(const Stages& stages, std::vector<Atom> input, int num_steps) {
  const auto engine = MakeEngine(EngineKind::kDense, stages.model, 1);
  const auto error_on = [&](const std::vector<Atom>& candidate) {
    ErrorsSeen errors(stages);
    errors.Add(IdealRun(stages, candidate), RunOn(*engine, stages.model, candidate));
    return errors.OfReadout();
  };
  std::mt19937_64 random(19);
  double worst = error_on(input);
  for (int step = 0; step < num_steps; ++step) {
    std::vector<Atom> candidate = input;
    const std::vector<Atom>& vocabulary = stages.model.vocabulary;
    candidate[random() % candidate.size()] = vocabulary[random() % vocabulary.size()];
    const double error = error_on(candidate);
    if (error < worst) continue;
    worst = error;
    input = std::move(candidate);
  }
  return input;
}

}  // namespace raspc
