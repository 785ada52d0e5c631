package org.fazaa.fund.ledger;

public record FundId(long value) {}
