"""A policy of one rule: small enough to break it in every way."""

SMALL = """\
rules:
  - id: small
    when:
      - {fact: category, is: defective}
      - {fact: amount, at_least: expensive}
    then:
      points: 5
    why: {ru: а, kk: ә, en: a}
    basis: operator default
    source: somebody
    examples:
      - {given: {category: defective, amount: 100000}, match: true}
      - {given: {category: defective, amount: 5}, match: false}
"""
