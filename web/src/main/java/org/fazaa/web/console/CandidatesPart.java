package org.fazaa.web.console;

import java.util.List;

/**
 * Who may be asked for a need now, first whom the policy would ask first.
 *
 * @param full whether nobody more is wanted
 * @param proof whether only those may be asked whose skills are proven
 */
record CandidatesPart(long need, boolean full, boolean proof, int ageLeast, List<Row> rows) {

  record Row(long id, String name, double km, List<String> skills, List<Merit> merits) {}
}
