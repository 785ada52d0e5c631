package org.fazaa.web.console;

import java.time.Instant;
import java.util.List;

/** Requests for money, fund by fund. */
record FinancePage(List<Fund> funds, boolean mayRequest) {

  record Fund(long id, String name, String available, String reserved, List<Request> requests) {}

  record Request(
      long id,
      String purpose,
      String payee,
      String state,
      int approvals,
      int needed,
      String amount,
      Instant at) {}
}
