// A project of its own that uses the installed package: compiles a program and counts its layers.
#include <iostream>

#include "compiler/compile.h"
#include "compiler/load/load_program.h"

int main(int, char** argv) {
  raspc::Diagnostics diag;
  std::optional<raspc::Model> model;
  if (const auto program = raspc::LoadProgram(argv[1], {}, diag)) {
    model = raspc::Compile(*program, diag);
  }
  std::cerr << raspc::Render(diag);
  if (!model) return 1;
  std::cout << model->name << ": " << raspc::SizesOf(*model).layers << " layers\n";
}
