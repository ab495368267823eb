# Installs the command, the headers, the libraries, the programs and a CMake package:
#
#   find_package(raspc REQUIRED)
#   target_link_libraries(mine raspc::compiler)
#
# and in the sources #include <raspc/raspc.h>.
#
# The libraries are static, so a project that uses them needs the packages they are built on;
# raspcConfig.cmake looks for those.
include(CMakePackageConfigHelpers)

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/raspc)
set_target_properties(raspc_grammar PROPERTIES EXPORT_NAME grammar)

install(TARGETS raspc RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS raspc_base raspc_runtime raspc_grammar raspc_syntax raspc_interpreter raspc_compiler
                raspc_automata
                raspc_frontends raspc_lab
        EXPORT raspc ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY automata base compiler frontends lab runtime DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/raspc
        FILES_MATCHING PATTERN *.h)
install(FILES include/raspc/raspc.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/raspc)
install(DIRECTORY programs/ DESTINATION ${CMAKE_INSTALL_DATADIR}/raspc/programs
        FILES_MATCHING PATTERN *.rasp PATTERN *.json)
install(FILES README.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

install(EXPORT raspc FILE raspcTargets.cmake NAMESPACE raspc:: DESTINATION ${package_folder})
configure_package_config_file(cmake/raspcConfig.cmake.in ${PROJECT_BINARY_DIR}/raspcConfig.cmake
                              INSTALL_DESTINATION ${package_folder}
                              PATH_VARS CMAKE_INSTALL_DATADIR)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/raspcConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/raspcConfig.cmake ${PROJECT_BINARY_DIR}/raspcConfigVersion.cmake
        DESTINATION ${package_folder})
