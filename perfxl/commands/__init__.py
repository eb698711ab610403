"""The commands of perfxl, one module each; none of them decides anything."""
