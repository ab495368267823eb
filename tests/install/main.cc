// A separate project that uses the installed package: compiles a program, runs it and counts its
// layers.
#include <raspc/raspc.h>

#include <iostream>

#if defined(NLOHMANN_JSON_VERSION_MAJOR) || defined(BOOST_CONFIG_HPP) || \
    defined(ANTLR4CPP_PUBLIC) || defined(CLI11_VERSION)
#error "the public header shows a library that raspc is built on"
#endif

int main(int, char** argv) {
  raspc::Diagnostics diag;
  std::optional<raspc::Model> model;
  if (const auto program = raspc::LoadProgram(argv[1], {}, diag)) {
    model = raspc::Compile(*program, diag);
  }
  std::cerr << raspc::Render(diag);
  if (!model) return 1;
  const std::vector<std::vector<raspc::Atom>> inputs{raspc::CodePoints("head")};
  const auto engine = raspc::MakeEngine(raspc::EngineKind::kStructured, *model);
  const std::vector<raspc::ModelOutput> outputs = raspc::RunModel(*model, *engine, inputs);
  if (outputs[0].error) return 1;
  std::cout << model->name << ": " << raspc::SizesOf(*model).layers << " layers, "
            << raspc::ToJson(outputs[0].values) << "\n";
}
