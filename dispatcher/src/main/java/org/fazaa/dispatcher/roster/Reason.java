package org.fazaa.dispatcher.roster;

/** Why somebody may be asked, as far as one rule goes, or why not. */
public record Reason(Rule rule, boolean holds, String ar, String en) {}
