package org.fazaa.web.console;

import java.util.List;

/** A refusal or a fault, for a person. */
record ProblemPage(int status, String title, String detail, List<String> flaws, String back) {}
