package org.fazaa.web.console;

import java.util.List;

/** Registered volunteers, found by name or phone. */
record VolunteersPage(String query, long total, List<Row> volunteers, List<String> flaws) {

  record Row(
      long id,
      String name,
      String phone,
      List<String> skills,
      boolean mayBeAsked,
      boolean stopped,
      String state) {}
}
