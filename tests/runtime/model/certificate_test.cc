#include <catch2/catch.hpp>
#include <limits>

#include "runtime/model/model.h"

namespace raspc {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST_CASE("the closest decision is the one whose bound uses the largest part of its margin") {
  Certificate certificate;
  CHECK(DecisionsOf(certificate).count == 0);
  CHECK(DecisionsOf(certificate).closest == nullptr);
  certificate.entries = {{"no decision", 100, kInfinity}};
  CHECK(DecisionsOf(certificate).count == 0);
  CHECK(DecisionsOf(certificate).closest == nullptr);
  certificate.entries = {{"exact", 0, 0.01},
                         {"no decision", 100, kInfinity},
                         {"wide", 0.2, 0.5},
                         {"narrow", 1e-9, 2e-9},
                         {"narrow too", 1e-9, 2e-9}};
  CHECK(DecisionsOf(certificate).count == 4);
  CHECK(DecisionsOf(certificate).closest == &certificate.entries[3]);
  certificate.entries.push_back({"nothing left", 0.1, 0.1});
  CHECK(DecisionsOf(certificate).closest == &certificate.entries.back());
}

}  // namespace
}  // namespace raspc
