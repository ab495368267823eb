// The extension raspc._core: what the modules in python/raspc are built on. Its interface may
// change with every version; python/raspc/_core.pyi lists it.
#include "python/src/bind.h"
#include "python/src/failures.h"

NB_MODULE(_core, module) {
  using namespace raspc::python;  // NOLINT(google-build-using-namespace)
  raspc::UseMemoryReserves();
  module.attr("__version__") = RASPC_VERSION;
  BindFailures(module);
  BindProgram(module);
  BindModel(module);
  BindTrace(module);
  BindLab(module);
  BindGraph(module);
}
