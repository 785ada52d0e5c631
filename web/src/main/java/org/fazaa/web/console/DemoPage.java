package org.fazaa.web.console;

/** The one button of a demo link: looking at a link must not use it up. */
record DemoPage(String action) {}
