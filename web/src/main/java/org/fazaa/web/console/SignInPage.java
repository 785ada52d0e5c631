package org.fazaa.web.console;

import java.util.List;

/** The door. */
record SignInPage(String login, String back, boolean demo, List<String> flaws) {}
