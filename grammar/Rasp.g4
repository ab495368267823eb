// The grammar of RASP, one statement at a time.
//
// Every decision is made by looking at one token, so that ANTLR compiles each into a plain switch and
// parsing a file costs microseconds a line. Two things are therefore not decided here but by
// compiler/syntax, which reads the parse tree:
//
//   - Precedence. All binary operators and `x if c else y` are left-associative, and unary operators
//     bind tighter than any of them, so an expression is a flat chain of operands and operators; the
//     table of precedences is in compiler/syntax/parse_statement.cc. A flat chain also keeps the
//     parser's stack as deep as the brackets of the program and no deeper.
//   - What may be left of `=`. An assignment starts like an expression.
//
// Where one statement ends and the next begins is settled before parsing
// (compiler/syntax/split_statements.h), so that an error in one does not affect the next.
//
// The names of tokens are those of TokenKind (compiler/syntax/token.h), in the same order.
grammar Rasp;

// ------------------------------------------------------------------------------------- statements

topLevel
    : statement EOF
    | request EOF
    ;

// What may stand in functions and loops, too.
statement
    : definition
    | loop
    | loading
    | drawing
    | assignment
    ;

definition
    : DEF NAME LEFT_PAREN nameList? RIGHT_PAREN LEFT_BRACE statement* result RIGHT_BRACE
    ;

result
    : RETURN expressionList SEMICOLON
    ;

loop
    : FOR nameList IN expression LEFT_BRACE statement+ RIGHT_BRACE
    ;

loading
    : LOAD STRING SEMICOLON
    ;

drawing
    : DRAW LEFT_PAREN expression (COMMA expression)? RIGHT_PAREN SEMICOLON
    ;

// Without `=` an expression on its own.
assignment
    : expressionList (ASSIGN expressionList)? SEMICOLON
    ;

// Statements to the interpreter. They take no semicolon and are allowed only at top level.
request
    : SET which? EXAMPLE expression         # setExample
    | SHOW which? EXAMPLE                   # showExample
    | which? EXAMPLES (ON | OFF)            # toggleExamples
    | FULL_DISPLAY (ON | OFF)               # toggleDisplay
    | EXIT (LEFT_PAREN RIGHT_PAREN)?        # leave
    ;

which
    : S_OP
    | SELECTOR
    ;

// ------------------------------------------------------------------------------------ expressions

nameList
    : NAME (COMMA NAME)*
    ;

expressionList
    : expression (COMMA expression)*
    ;

expression
    : operand step*
    ;

step
    : ( POWER | TIMES | DIVIDE | MODULO | PLUS | MINUS
      | EQUAL | NOT_EQUAL | LESS | LESS_EQUAL | GREATER | GREATER_EQUAL
      | AND | OR | IN ) operand
    | IF expression ELSE operand
    ;

operand
    : (NOT | MINUS | PLUS)* primary suffix*
    ;

suffix
    : LEFT_BRACKET expression RIGHT_BRACKET
    | LEFT_PAREN expressionList? RIGHT_PAREN
    ;

primary
    : NAME                                                                        # name
    | (INTEGER | FLOAT | STRING)                                                  # literal
    | LEFT_PAREN expression RIGHT_PAREN                                           # parentheses
    | LEFT_BRACKET (expression (comprehension | (COMMA expression)*))? RIGHT_BRACKET  # list
    | LEFT_BRACE (entry (comprehension | (COMMA entry)*))? RIGHT_BRACE            # dict
    | SELECT expression COMMA expression COMMA comparison RIGHT_PAREN             # select
    | AGGREGATE expression COMMA expression (COMMA expression)? RIGHT_PAREN       # aggregate
    | RANGE expressionList RIGHT_PAREN                                            # range
    | ZIP expressionList RIGHT_PAREN                                              # zip
    | LEN expression RIGHT_PAREN                                                  # len
    | (ROUND | INDICATOR) LEFT_PAREN expression RIGHT_PAREN                       # builtIn
    ;

entry
    : expression COLON expression
    ;

comprehension
    : FOR nameList IN expression
    ;

comparison
    : EQUAL | NOT_EQUAL | LESS | LESS_EQUAL | GREATER | GREATER_EQUAL
    ;

// ------------------------------------------------------------------------------------------ words

DEF : 'def';
RETURN : 'return';
FOR : 'for';
IN : 'in';
IF : 'if';
ELSE : 'else';
AND : 'and';
OR : 'or';
NOT : 'not';
ROUND : 'round';
INDICATOR : 'indicator';
LOAD : 'load';
DRAW : 'draw';
SET : 'set';
SHOW : 'show';
EXAMPLE : 'example';
EXAMPLES : 'examples';
SELECTOR : 'selector';
S_OP : 's-op';
ON : 'on';
OFF : 'off';
EXIT : 'exit' | 'quit';
FULL_DISPLAY : 'full' BLANK+ 'seq' BLANK+ 'display';

// One word with their bracket, so that `select`, `range` and so on without it are ordinary names.
SELECT : 'select' BLANK* '(';
AGGREGATE : 'aggregate' BLANK* '(';
RANGE : 'range' BLANK* '(';
ZIP : 'zip' BLANK* '(';
LEN : 'len' BLANK* '(';

NAME : [a-zA-Z_] [a-zA-Z_0-9]*;
INTEGER : DIGIT+;
FLOAT : DIGIT+ '.' DIGIT+;
STRING : '"' ~["\r\n]* '"';

LEFT_PAREN : '(';
RIGHT_PAREN : ')';
LEFT_BRACKET : '[';
RIGHT_BRACKET : ']';
LEFT_BRACE : '{';
RIGHT_BRACE : '}';
COMMA : ',';
COLON : ':';
SEMICOLON : ';';
ASSIGN : '=';
POWER : '^';
TIMES : '*';
DIVIDE : '/';
MODULO : '%';
PLUS : '+';
MINUS : '-';
EQUAL : '==';
NOT_EQUAL : '!=';
LESS : '<';
LESS_EQUAL : '<=';
GREATER : '>';
GREATER_EQUAL : '>=';

COMMENT : '#' ~[\r\n]*;
SPACE : BLANK+ -> skip;
// Anything else still becomes a token, so that the parser can report its place.
OPEN_STRING : '"' ~["\r\n]*;
STRAY : .;

fragment BLANK : [ \t\r\n];
fragment DIGIT : [0-9];
