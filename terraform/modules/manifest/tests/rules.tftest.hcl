# Rows that contradict each other are refused before anything is built of them.

run "an_undeclared_caller_is_named" {
  command = plan
  variables {
    folder = "./tests/undeclared_caller"
  }
  expect_failures = [output.edges]
}
