package org.fazaa.web.console;

import java.util.List;

/** What became of an imported file. */
record ImportedPage(long added, long updated, long unchanged, long rejected, List<Line> lines) {

  record Line(long number, List<String> reasons) {}
}
