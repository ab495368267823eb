// The programs of Tracr's library that have twins in programs/, with the sizes of Tracr's models,
// and the goals for ours.
//
// Tracr (Lindner et al., 2023) compiles RASP embedded in Python. Its figures were measured with its
// own library functions, a vocabulary of the same size as the twin's, and BOS, on a machine like
// ours. If Tracr needed more than 60 seconds there is no figure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "compiler/compile.h"
#include "compiler/load/load_program.h"

namespace raspc {

// The maximum lengths of Tracr's models, and the one used only for time and memory.
inline constexpr std::array<std::int64_t, 3> kTracrLengths = {32, 64, 128};
inline constexpr std::int64_t kLongLength = 1024;

struct TracrTwin {
  struct Sizes {
    int d_model, d_mlp;  // d_mlp is the largest
    double seconds;
  };

  std::string tracr_name;
  std::string program;  // programs/PROGRAM.rasp
  std::string vocab;
  int tracr_layers;
  std::array<std::optional<Sizes>, 3> tracr;  // [kTracrLengths]
  // Length and millions of parameters, if Tracr's model is known and has more than a million.
  std::optional<std::pair<std::int64_t, double>> tracr_parameters;

  // The largest d_model at 128 tokens.
  int most_d_model = 64;
  // Whether its goals are for the encoder, or for whichever architecture suits it.
  bool is_for_encoder = false;
  // Whether it tests positions for equality only, or shifts: then d_model must not grow with the
  // length.
  bool never_orders_positions = true;
  // Whether it attends only to the left: then it computes the same when it is evaluated causally,
  // and has a decoder form.
  bool looks_left = false;
};

inline const std::vector<TracrTwin>& TracrTwins() {
  using Sizes = TracrTwin::Sizes;
  constexpr auto kNone = std::nullopt;
  static const std::vector<TracrTwin> twins = {
      {.tracr_name = "length",
       .program = "length",
       .vocab = "abcdefgh",
       .tracr_layers = 1,
       .tracr = {Sizes{40, 66, 0.01}, Sizes{72, 130, 0.04}, Sizes{136, 258, 0.16}},
       .tracr_parameters = kNone,
       .is_for_encoder = true},
      {.tracr_name = "hist",
       .program = "histogram",
       .vocab = "abcdefgh",
       .tracr_layers = 1,
       .tracr = {Sizes{44, 66, 0.01}, Sizes{76, 130, 0.04}, Sizes{140, 258, 0.16}},
       .tracr_parameters = kNone,
       .is_for_encoder = true},
      {.tracr_name = "reverse",
       .program = "reverse",
       .vocab = "abcdefgh",
       .tracr_layers = 4,
       .tracr = {Sizes{212, 1056, 0.75}, Sizes{404, 4160, 25.9}, kNone},
       .tracr_parameters = std::pair<std::int64_t, double>{64, 14.4},
       .is_for_encoder = true},
      {.tracr_name = "sort",
       .program = "sort",
       .vocab = "abcdefgh",
       .tracr_layers = 3,
       .tracr = {Sizes{340, 256, 0.25}, Sizes{660, 512, 1.09}, Sizes{1300, 1024, 4.9}},
       .tracr_parameters = std::pair<std::int64_t, double>{128, 24.2},
       .never_orders_positions = false},
      {.tracr_name = "sort_freq",
       .program = "sort_by_frequency",
       .vocab = "abcd",
       .tracr_layers = 5,
       .tracr = {Sizes{1199, 1056, 4.95}, kNone, kNone},
       .tracr_parameters = std::pair<std::int64_t, double>{32, 38.1},
       .most_d_model = 192,
       .never_orders_positions = false},
      {.tracr_name = "pair_balance",
       .program = "pair_balance",
       .vocab = "()abcdef",
       .tracr_layers = 2,
       .tracr = {Sizes{43, 4, 0.01}, Sizes{75, 4, 0.01}, Sizes{139, 4, 0.05}},
       .tracr_parameters = kNone,
       .never_orders_positions = false,
       .looks_left = true},
      {.tracr_name = "shuffle_dyck2",
       .program = "shuffle_dyck2",
       .vocab = "(){}",
       .tracr_layers = 8,
       .tracr = {Sizes{135, 7908, 50}, kNone, kNone},
       .tracr_parameters = std::pair<std::int64_t, double>{32, 17.9},
       .never_orders_positions = false},
      {.tracr_name = "count_less_freq",
       .program = "count_less_freq",
       .vocab = "abcd",
       .tracr_layers = 2,
       .tracr = {Sizes{74, 66, 0.02}, Sizes{138, 130, 0.08}, Sizes{266, 258, 0.31}},
       .tracr_parameters = kNone,
       .is_for_encoder = true},
      {.tracr_name = "detect_pattern",
       .program = "detect_pattern",
       .vocab = "abc",
       .tracr_layers = 3,
       .tracr = {Sizes{51, 6, 0.01}, Sizes{83, 6, 0.01}, Sizes{147, 6, 0.05}},
       .tracr_parameters = kNone,
       .looks_left = true},
  };
  return twins;
}

// Tracr's sizes for inputs of up to `max_length` tokens, if known.
inline std::optional<TracrTwin::Sizes> TracrSizesAt(const TracrTwin& twin,
                                                    std::int64_t max_length) {
  for (std::size_t i = 0; i < kTracrLengths.size(); ++i) {
    if (kTracrLengths[i] == max_length) return twin.tracr[i];
  }
  return std::nullopt;
}

// Whether the function has a form for this architecture.
inline bool HasForm(const TracrTwin& twin, Target target) {
  return target != Target::kDecoder || twin.looks_left;
}

// The twin from the folder `programs`, to be compiled for an architecture. A decoder evaluates it
// causally.
inline std::optional<LoadedProgram> LoadTwin(const TracrTwin& twin, const std::string& programs,
                                             Target target, std::int64_t max_length,
                                             Diagnostics& diag) {
  LoadOptions options;
  options.overrides.vocab = CodePoints(twin.vocab);
  options.overrides.max_length = max_length;
  options.overrides.target = target;
  if (target == Target::kDecoder) options.overrides.causal = true;
  return LoadProgram(programs + "/" + twin.program + ".rasp", options, diag);
}

inline std::optional<Model> CompileTwin(const TracrTwin& twin, const std::string& programs,
                                        Target target, std::int64_t max_length, Diagnostics& diag) {
  const auto program = LoadTwin(twin, programs, target, max_length, diag);
  if (!program) return std::nullopt;
  return Compile(*program, diag);
}

}  // namespace raspc
