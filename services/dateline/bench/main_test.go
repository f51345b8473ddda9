package main

import (
	"os"
	"testing"

	"github.com/dateline-news/dateline/services/dateline/internal/process"
)

func TestMain(m *testing.M) {
	if role := os.Getenv(process.RoleVar); role != "" {
		go process.EndWithParent()
		os.Exit(process.Play(role))
	}
	os.Exit(m.Run())
}
