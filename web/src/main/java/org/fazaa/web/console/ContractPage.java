package org.fazaa.web.console;

import java.util.List;
import java.util.stream.Collectors;
import org.fazaa.web.api.Contract;
import org.fazaa.web.session.Role;

/** The API at a glance; the contract itself says the rest. */
public record ContractPage(List<Call> calls) {

  record Call(String method, String path, String summary, String roles) {}

  public static ContractPage of(Contract contract) {
    return new ContractPage(contract.operations().stream().map(ContractPage::call).toList());
  }

  private static Call call(Contract.Operation operation) {
    var roles =
        operation
            .roles()
            .map(all -> all.stream().sorted().map(Role::code).collect(Collectors.joining(", ")))
            .orElse("—");
    return new Call(
        operation.method().name(),
        operation.path(),
        operation.described().getString("summary", ""),
        roles);
  }
}
