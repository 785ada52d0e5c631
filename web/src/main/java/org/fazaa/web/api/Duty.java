package org.fazaa.web.api;

import io.vertx.sqlclient.SqlConnection;
import org.fazaa.dispatcher.crisis.Staff;
import org.fazaa.web.Problem;
import org.fazaa.web.Words;

/**
 * The authority to dispatch behind a call. A role lets somebody ask; the staff row lets them do.
 */
final class Duty {

  private Duty() {}

  static Staff of(SqlConnection tx, Call call) {
    return Staff.find(tx, call.who().account()).orElseThrow(() -> NOT_ON_DUTY.refused());
  }

  private static final Problem NOT_ON_DUTY =
      Problem.notAllowed(
          new Words(
              "لست مخوّلًا بالاستدعاء الآن. اطلب من مدير النظام تعيينك.",
              "You may not dispatch now. Ask an admin to appoint you."));
}
