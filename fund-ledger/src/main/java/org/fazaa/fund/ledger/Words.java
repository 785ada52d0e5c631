package org.fazaa.fund.ledger;

/** The same thing said in Arabic and in English. */
public record Words(String ar, String en) {}
