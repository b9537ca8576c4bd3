# SPDX-License-Identifier: MIT
# How a folder of this project becomes a library, a program or a test.

function(minikvm_target_options target)
    target_compile_features(${target} PUBLIC cxx_std_20)
    target_compile_options(${target} PRIVATE
        -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor
        $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety>
        $<$<BOOL:${MINIKVM_WERROR}>:-Werror>)
    target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR})
endfunction()

# For code that waits for others or runs once: up to half of a compiler's time with CLI11's and toml++'s
# headers goes into optimising what nobody waits for.
function(minikvm_compile_quickly target)
    target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
endfunction()

# minikvm_library(NAME SOURCES a.cpp b.cpp... LINKS minikvm_common... SYSTEM fmt::fmt... APART a.cpp...)
# LINKS says which folders of ours this one may use: the layer table of docs/architecture.md, no more.
# APART are sources whose tables have the names of others' tables: not to be compiled as one with them.
function(minikvm_library name)
    cmake_parse_arguments(arg "" "" "SOURCES;LINKS;SYSTEM;APART" ${ARGN})
    add_library(${name} STATIC ${arg_SOURCES})
    minikvm_target_options(${name})
    target_link_libraries(${name} PUBLIC ${arg_LINKS} ${arg_SYSTEM})
    set_source_files_properties(${arg_APART} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()

# minikvm_program(NAME SOURCES main.cpp LINKS minikvm_daemon... DESTINATION libexec)
# Its own files are its command line, which is read once; what it does all day is in libraries.
function(minikvm_program name)
    cmake_parse_arguments(arg "" "DESTINATION" "SOURCES;LINKS;SYSTEM" ${ARGN})
    add_executable(${name} ${arg_SOURCES})
    minikvm_target_options(${name})
    minikvm_compile_quickly(${name})
    target_link_libraries(${name} PRIVATE ${arg_LINKS} ${arg_SYSTEM})
    add_dependencies(programs ${name})
    install(TARGETS ${name} RUNTIME DESTINATION ${arg_DESTINATION})
endfunction()

# Half of a build are the tests, of which each runs once: nobody waits for what the optimiser would gain.
# Nor does anybody step through them here; preset debug has their symbols, which are a fifth of the work.
set(MINIKVM_TEST_OPTIONS $<$<CONFIG:Release>:-O0> $<$<CONFIG:Release>:-g0>)

# minikvm_test(NAME LABEL unit|os SOURCES a_test.cpp... LINKS minikvm_protocol...)
# WITHOUT_FD_GATE: for os tests with a library that leaves descriptors open by itself.
function(minikvm_test name)
    cmake_parse_arguments(arg "WITHOUT_FD_GATE" "LABEL" "SOURCES;LINKS;SYSTEM" ${ARGN})
    add_executable(${name} ${arg_SOURCES})
    minikvm_target_options(${name})
    target_compile_options(${name} PRIVATE ${MINIKVM_TEST_OPTIONS})
    target_precompile_headers(${name} REUSE_FROM minikvm_test_headers)
    target_link_libraries(${name} PRIVATE ${arg_LINKS} ${arg_SYSTEM} GTest::gmock GTest::gtest_main)
    if(arg_LABEL STREQUAL os AND NOT arg_WITHOUT_FD_GATE)
        target_link_libraries(${name} PRIVATE minikvm_fd_leak_gate)
    endif()
    gtest_discover_tests(${name} PROPERTIES LABELS ${arg_LABEL} TIMEOUT 60)
endfunction()

# minikvm_bench(NAME SOURCES a_bench.cpp... LINKS minikvm_device...)
# Part of target `bench` alone: nobody who builds or tests has to wait for it.
function(minikvm_bench name)
    cmake_parse_arguments(arg "" "" "SOURCES;LINKS;SYSTEM" ${ARGN})
    add_executable(${name} EXCLUDE_FROM_ALL ${arg_SOURCES})
    minikvm_target_options(${name})
    target_link_libraries(${name} PRIVATE ${arg_LINKS} ${arg_SYSTEM})
    add_dependencies(bench ${name})
endfunction()
