"""From config to BuildPlan to BuildResult: plan, toolchain, process, queue, diagnostics, transcript."""
