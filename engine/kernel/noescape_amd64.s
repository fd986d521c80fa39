//go:build amd64 && !noasm

#include "textflag.h"

// func noescape(p *float32) *float32
TEXT ·noescape(SB), NOSPLIT, $0-16
	MOVQ p+0(FP), AX
	MOVQ AX, ret+8(FP)
	RET
