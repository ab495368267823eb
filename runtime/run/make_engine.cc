#include "runtime/run/make_engine.h"

#include "base/parallel.h"
#include "runtime/engine/dense/dense_engine.h"
#include "runtime/engine/reference/reference_engine.h"
#include "runtime/engine/structured/structured_engine.h"

namespace raspc {

std::unique_ptr<Engine> MakeEngine(EngineKind kind, const Model& model, int num_threads) {
  const int threads = ThreadCount(num_threads);
  switch (kind) {
    case EngineKind::kReference:
      return MakeReferenceEngine(model, threads);
    case EngineKind::kDense:
      return MakeDenseEngine(model, threads);
    case EngineKind::kStructured:
      return MakeStructuredEngine(model, threads);
  }
  return nullptr;
}

}  // namespace raspc
